"""JAX on the sparse adapting workload: jit(vmap(grad)) over pieces of entities of like support length, side by side.

Tried, as times of this on 1 / 2 threads: pieces of 32 entities – / 1.0, 128 1.05 / 1.0, 256 – / 1.0.
"""
import jax_common as common
from serve import arguments, serve

args = arguments()
common.set_up(args.threads)

import jax
import jax.numpy as jnp
import numpy as np

from jax_sparse_blocks import adapted, by_length, embedding, padded
from piece_pool import piece_pool
from workload import DENSE_NAMES, read_workload

# Entities at a time; must divide the workload's.
PIECE = args.piece or 64
# A piece's support is padded to a multiple of this: at most 13 programs are compiled, all before the first timed step.
ROUND = 8

work = read_workload(args.folder)
n = work.n
parameters = tuple(jnp.asarray(work.arrays[name]) for name in DENSE_NAMES)
table = jnp.asarray(work.arrays["table"])


@jax.jit
def adapt(p, table, entities, items, labels, weights):
    tasks, longest = labels.shape
    m = table[entities].reshape(tasks, -1)
    r = table[items].reshape(tasks, longest, -1)
    return jax.vmap(lambda m, *support: embedding(m, adapted(p, n, m, *support)))(m, r, labels, weights)


run_pieces = piece_pool(args.threads)


def step(i):
    batch = work.batches[i % len(work.batches)]
    order, lengths = by_length(batch)

    def adapt_piece(tasks):
        longest = max(ROUND, -(-int(lengths[tasks[-1]]) // ROUND) * ROUND)
        support = padded(batch, tasks, lengths, longest, n.shrink)
        return adapt(parameters, table, batch["entities"][tasks], *support).block_until_ready()

    out = np.empty((n.tasks, n.embedding), np.float32)
    out[order] = np.concatenate(run_pieces(adapt_piece, order.reshape(-1, PIECE)))
    return out


def checks():
    for i in range(len(work.batches)):
        step(i)
    return common.sampled(step(0))


serve(args, "jax", jax.__version__, work.setting, step, checks, common.gflops)
