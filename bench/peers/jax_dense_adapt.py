"""JAX on the dense adapting workload: jit(vmap(grad))."""
import jax_common as common
from serve import arguments, serve

args = arguments()
common.set_up(args.threads)

import jax
import jax.numpy as jnp

from workload import DENSE_NAMES, read_workload

work = read_workload(args.folder)
n = work.n
batches = [tuple(jnp.asarray(batch[k]) for k in ("xs", "gs", "ys")) for batch in work.batches]
parameters = tuple(jnp.asarray(work.arrays[name]) for name in DENSE_NAMES)


def embedding(x, w):
    W1, b1, W2, b2 = w
    return jax.nn.relu(x @ W1 + b1) @ W2 + b2


@jax.jit
def adapt(p, xs, gs, ys):
    V1, c1, V2, c2 = p[4:]

    def support_loss(w, x, g, y):
        z = jax.nn.relu(jnp.concatenate([embedding(x, w), g], -1) @ V1 + c1)
        logits = (z @ V2 + c2)[..., 0]
        return (jax.nn.softplus(logits) - y * logits).mean()

    def task(x, g, y):
        w = p[:4]
        for _ in range(n.innerSteps):
            w = jax.tree.map(lambda a, d: a - n.innerRate * d, w, jax.grad(support_loss)(w, x, g, y))
        return embedding(x, w).mean(0)

    return jax.vmap(task)(xs, gs, ys)


def step(i):
    return adapt(parameters, *batches[i % len(batches)]).block_until_ready()


serve(args, "jax", jax.__version__, work.setting, step, lambda: common.sampled(step(0)), common.gflops)
