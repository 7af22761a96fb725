"""JAX on the dense adapting workload: jit(vmap(grad)) over pieces of tasks, side by side.

Tried, as times of this on 1 / 2 threads: pieces of 64 tasks 1.0 / 1.5, 256 1.15 / 1.05, 512 1.3 / –, all at once
2.5 / 3; one piece after another, XLA using both cores for each – / 1.4; [e, g] joined instead of V1 in parts 1.15 / –.
"""
import jax_common as common
from serve import arguments, serve

args = arguments()
common.set_up(args.threads)

import jax
import jax.numpy as jnp
import numpy as np

from piece_pool import piece_pool
from workload import DENSE_NAMES, read_workload

work = read_workload(args.folder)
n = work.n
# Tasks at a time; must divide the workload's tasks.
PIECE = args.piece or 128
batches = [
    [tuple(jnp.asarray(batch[k][i : i + PIECE]) for k in ("xs", "gs", "ys")) for i in range(0, n.tasks, PIECE)]
    for batch in work.batches
]
parameters = tuple(jnp.asarray(work.arrays[name]) for name in DENSE_NAMES)


def embedding(x, w):
    W1, b1, W2, b2 = w
    return jax.nn.relu(x @ W1 + b1) @ W2 + b2


@jax.jit
def adapt(p, xs, gs, ys):
    V1, c1, V2, c2 = p[4:]

    def support_loss(w, x, g, y):
        # V1 in its two parts, so that g's is computed once.
        z = jax.nn.relu(embedding(x, w) @ V1[: n.embedding] + (g @ V1[n.embedding :] + c1))
        logits = (z @ V2 + c2)[..., 0]
        return (jax.nn.softplus(logits) - y * logits).mean()

    def task(x, g, y):
        w = p[:4]
        for _ in range(n.innerSteps):
            w = jax.tree.map(lambda a, d: a - n.innerRate * d, w, jax.grad(support_loss)(w, x, g, y))
        return embedding(x, w).mean(0)

    return jax.vmap(task)(xs, gs, ys)


def adapt_piece(piece):
    return adapt(parameters, *piece).block_until_ready()


run_pieces = piece_pool(args.threads)


def step(i):
    return np.concatenate(run_pieces(adapt_piece, batches[i % len(batches)]))


serve(args, "jax", jax.__version__, work.setting, step, lambda: common.sampled(step(0)), common.gflops)
