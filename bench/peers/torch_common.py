"""What the PyTorch engines share: threads, tensors, the two blocks, the peak."""
import torch

import serve as protocol
from workload import DENSE_NAMES


def set_up(threads):
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    torch.set_flush_denormal(True)


def tensors(arrays):
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


def dense_parameters(arrays):
    return [torch.from_numpy(arrays[name].copy()).requires_grad_() for name in DENSE_NAMES]


def adam(parameters, n):
    return torch.optim.Adam(parameters, lr=n.outerRate, betas=(n.beta1, n.beta2), eps=n.epsilon, fused=True)


def gflops():
    size = 2048
    a, b, out = torch.rand(size, size), torch.rand(size, size), torch.empty(size, size)
    return protocol.best_gflops(lambda: torch.mm(a, b, out=out), size)


def first_losses(step):
    return lambda: [step(i) for i in range(20)]


def sampled(output):
    """20 evenly spaced elements of an output, the numbers that engines are compared by."""
    flat = output.reshape(-1)
    return [flat[i * (flat.numel() // 20)].item() for i in range(20)]
