"""What the PyTorch engines share: threads, device, tensors, the two blocks, the peak."""
import torch

import serve as protocol
from piece_pool import piece_pool
from workload import DENSE_NAMES


# What tensors are made on. Given to each of them: torch.set_default_device costs every operation a few microseconds.
device = "cpu"


def set_up(args):
    """On a card products are those of float32, not TF32: PyTorch's default."""
    global device
    device = args.device
    torch.set_num_threads(args.threads)
    torch.set_num_interop_threads(1)
    torch.set_flush_denormal(True)


def placed(array):
    """The numbers of a numpy array on the device."""
    return torch.from_numpy(array).to(device)


def finished(output):
    """The output once it is there: a card is given work and does not wait for it."""
    if device == "cuda":
        torch.cuda.synchronize()
    return output


def pieces_side_by_side(args):
    """Pieces in a Python thread a core; on a card, which is one, after each other."""
    return piece_pool(1 if args.device == "cuda" else args.threads, lambda: torch.set_num_threads(1))


def piece_size(args, on_cpu, on_card):
    """Rows or tasks of a piece: small enough for a core's cache, or whatever a card takes at once."""
    return args.piece or (on_card if args.device == "cuda" else on_cpu)


def tensors(arrays):
    return {name: placed(array) for name, array in arrays.items()}


def dense_parameters(arrays):
    return parameters(arrays, DENSE_NAMES)


def parameters(arrays, names):
    """Copies to train."""
    return [placed(arrays[name].copy()).requires_grad_() for name in names]


def adam(parameters, n):
    return torch.optim.Adam(parameters, lr=n.outerRate, betas=(n.beta1, n.beta2), eps=n.epsilon, fused=True)


def gflops():
    size = 2048
    a, b, out = (torch.rand(size, size, device=device) for _ in range(3))
    return protocol.best_gflops(lambda: finished(torch.mm(a, b, out=out)), size)


def first_losses(step):
    return lambda: [step(i) for i in range(20)]


def sampled(output):
    """20 evenly spaced elements of an output, the numbers that engines are compared by."""
    flat = output.reshape(-1)
    return [flat[i * (flat.numel() // 20)].item() for i in range(20)]
