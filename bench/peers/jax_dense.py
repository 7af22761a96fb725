"""JAX on the dense training workload: jit(vmap(grad)) on a piece of tasks a thread, then Adam with donated state.

Tried on two threads: one call for all tasks (1.3 times as long), pieces of 64 (1.0 to 1.2), pieces in one program,
unrolled or by lax.scan (1.1 to 2). On one thread none of them differs by more than the noise.
"""
import jax_common as common
from serve import arguments, serve

args = arguments()
common.set_up(args.threads)

import jax
import jax.numpy as jnp

from piece_pool import piece_pool
from workload import DENSE_NAMES, read_workload

work = read_workload(args.folder)
n = work.n
# Tasks of a piece; must divide the workload's.
PIECE = args.piece or n.tasks // args.threads
batches = [
    [{k: jnp.asarray(v[i : i + PIECE]) for k, v in batch.items()} for i in range(0, n.tasks, PIECE)]
    for batch in work.batches
]
parameters = tuple(jnp.asarray(work.arrays[name]) for name in DENSE_NAMES)


def cross_entropy(logits, labels):
    return jax.nn.softplus(logits) - labels * logits


def logits_of(x, g, w, shared):
    W1, b1, W2, b2 = w
    V1, c1, V2, c2 = shared
    e = jax.nn.relu(x @ W1 + b1) @ W2 + b2
    # V1 in its two parts: XLA then computes g's part once for all inner steps.
    return (jax.nn.relu(e @ V1[: n.embedding] + (g @ V1[n.embedding :] + c1)) @ V2 + c2)[..., 0]


def outer_loss(p, batch):
    meta, shared = p[:4], p[4:]

    def support_loss(w, xs, gs, ys):
        return cross_entropy(logits_of(xs, gs, w, shared), ys).mean()

    def task(xs, gs, ys, xq, gq, yq):
        w = meta
        for _ in range(n.innerSteps):
            w = jax.tree.map(lambda a, d: a - n.innerRate * d, w, jax.grad(support_loss)(w, xs, gs, ys))
        return cross_entropy(logits_of(xq, gq, w, shared), yq).mean()

    return jax.vmap(task)(*(batch[k] for k in ("xs", "gs", "ys", "xq", "gq", "yq"))).mean()


def adam_step(p, m, v, t, pieces):
    loss, g = jax.tree.map(lambda *of_pieces: sum(of_pieces) / len(of_pieces), *pieces)
    t = t + 1
    m = jax.tree.map(lambda a, d: n.beta1 * a + (1 - n.beta1) * d, m, g)
    v = jax.tree.map(lambda a, d: n.beta2 * a + (1 - n.beta2) * d * d, v, g)
    p = jax.tree.map(
        lambda a, b, c: a - n.outerRate * (b / (1 - n.beta1**t)) / (jnp.sqrt(c / (1 - n.beta2**t)) + n.epsilon), p, m, v)
    return p, m, v, t, loss


gradient_of = jax.jit(jax.value_and_grad(outer_loss))
update = jax.jit(adam_step, donate_argnums=(0, 1, 2))
run_pieces = piece_pool(args.threads)
state = (parameters, jax.tree.map(jnp.zeros_like, parameters), jax.tree.map(jnp.zeros_like, parameters), jnp.float32(0))


def step(i):
    global state
    p = state[0]
    pieces = run_pieces(lambda piece: jax.block_until_ready(gradient_of(p, piece)), batches[i % len(batches)])
    *state, loss = update(*state, pieces)
    return float(loss)


serve(args, "jax", jax.__version__, work.setting, step, lambda: [step(i) for i in range(20)], common.gflops)
