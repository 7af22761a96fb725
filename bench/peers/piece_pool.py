"""Runs pieces of a step side by side: a Python thread a core, each computing on one core."""
from concurrent.futures import ThreadPoolExecutor


def piece_pool(threads, initializer=None):
    """A function (run, pieces) → list of run(piece), in the order of the pieces."""
    if threads == 1:
        return lambda run, pieces: [run(piece) for piece in pieces]
    pool = ThreadPoolExecutor(threads, initializer=initializer)
    return lambda run, pieces: list(pool.map(run, pieces))
