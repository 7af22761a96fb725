"""What the JAX engines share: threads, set before JAX is imported, and the peak."""
import os

from serve import best_gflops


def set_up(threads):
    # XLA's CPU client sizes its thread pool by NPROC when that is set, else by the cores this process may use.
    os.environ["NPROC"] = str(threads)
    os.environ["JAX_PLATFORMS"] = "cpu"
    if threads == 1:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"


def gflops():
    import jax
    import jax.numpy as jnp

    size = 2048
    a = jnp.ones((size, size))
    multiply = jax.jit(lambda a: a @ a)
    return best_gflops(lambda: multiply(a).block_until_ready(), size)


def sampled(output):
    """20 evenly spaced elements of an output, as torch_common.sampled."""
    flat = output.reshape(-1)
    return [float(flat[i * (flat.size // 20)]) for i in range(20)]
