"""JAX on the scoring workload: one jitted program over pieces of rows, side by side.

Tried, as times of this on 1 / 2 threads: pieces of 5,000 rows 1.07 / 1.07, 2,000 – / 1.05.
"""
import jax_common as common
from serve import arguments, serve

args = arguments()
common.set_up(args.threads)

import jax
import jax.numpy as jnp
import numpy as np

from piece_pool import piece_pool
from workload import read_workload

# Rows at a time; must divide the workload's rows.
PIECE = args.piece or 20000

work = read_workload(args.folder)
a = {name: jnp.asarray(array) for name, array in work.arrays.items()}
batch = work.batches[0]
pieces = [
    (jnp.asarray(batch["rowEntities"][i : i + PIECE]), jnp.asarray(batch["rowItems"][i : i + PIECE]))
    for i in range(0, work.n.rows, PIECE)
]


@jax.jit
def score(a, owners, items):
    rows = len(owners)
    m = a["table"][a["entityFeatures"][owners]].reshape(rows, -1)
    r = a["table"][items].reshape(rows, -1)
    joined = jnp.concatenate([a["metaEmbeddings"][owners], m, r], -1)
    return jax.nn.sigmoid(jax.nn.relu(joined @ a["V1"] + a["c1"]) @ a["V2"] + a["c2"])[:, 0]


run_pieces = piece_pool(args.threads)


def step(i):
    return np.concatenate(run_pieces(lambda piece: score(a, *piece).block_until_ready(), pieces))


serve(args, "jax", jax.__version__, work.setting, step, lambda: common.sampled(step(0)), common.gflops)
