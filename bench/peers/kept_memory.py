"""Keeps freed memory in the process, as allocators that PyTorch's tuning guide recommends (jemalloc, tcmalloc) do.

By default glibc hands large blocks back at once, so that every step pays for fresh pages: without this the PyTorch
engines took 1.2 to 2 times as long on adapting.
"""
import ctypes
import os

# Numbers of malloc.h.
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_MAX = -1, -2, -4


def keep_freed_memory():
    """Does nothing where the C library is not glibc, or where the environment sets the allocator up."""
    if any(name.startswith("MALLOC_") for name in os.environ) or "LD_PRELOAD" in os.environ:
        return
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return
    mallopt(M_MMAP_MAX, 0)
    mallopt(M_TRIM_THRESHOLD, 2**31 - 1)
    mallopt(M_TOP_PAD, 64 * 2**20)
