"""All steps of one worker, exchanging gradients with the others."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..fault import ScriptError
from .tensors import pack, unpack
from .training import Training


def by_gloo(rank: int, workers: int, host: str, port: int) -> Callable[[bytes], list[bytes]]:
    """Exchanges between the workers themselves."""
    try:
        import torch
        import torch.distributed as dist
    except ImportError as error:
        raise ScriptError("TORCH_MISSING", "--exchange gloo", f"A worker has no torch ({error}): pip install torch there.") from None

    dist.init_process_group("gloo", init_method=f"tcp://{host}:{port}", rank=rank, world_size=workers)

    def exchange(data: bytes) -> list[bytes]:
        sizes = [torch.zeros(1, dtype=torch.int64) for _ in range(workers)]
        dist.all_gather(sizes, torch.tensor([len(data)]))
        most = max(int(size) for size in sizes)
        own = torch.zeros(most, dtype=torch.uint8)
        own[: len(data)] = torch.frombuffer(bytearray(data), dtype=torch.uint8)
        parts = [torch.zeros(most, dtype=torch.uint8) for _ in range(workers)]
        dist.all_gather(parts, own)
        return [part.numpy()[: int(size)].tobytes() for part, size in zip(parts, sizes)]

    return exchange


def work(folder: str, rank: int, workers: int, exchange: Callable[[bytes], list[bytes]]) -> dict[str, Any]:
    """All steps of one worker; what it says of them at the end."""
    training = Training(Path(folder))
    losses, waited, worked = [], [], []
    for step in training.about["steps"]:
        began = time.perf_counter()
        said = pack(*training.gradients(step, rank, workers))
        ready = time.perf_counter()
        parts = [unpack(part) for part in exchange(said)]
        waited.append(time.perf_counter() - ready)
        training.update([arrays for _, arrays in parts])
        losses.append(sum(loss for loss, _ in parts))
        worked.append(time.perf_counter() - began - waited[-1])
    middle = lambda times: sorted(times)[len(times) // 2] * 1000
    return {
        "losses": losses,
        "exchangeMs": middle(waited),
        "leastExchangeMs": min(waited) * 1000,
        "workMs": middle(worked),
        "bytes": len(said),
        "numbers": training.numbers if rank == 0 else None,
    }
