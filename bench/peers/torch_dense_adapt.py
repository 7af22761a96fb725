"""PyTorch on the dense adapting workload: variants autograd, manual, func, compile, loop (see torch_dense.py).

Tried with `manual`, as times of this on 1 / 2 threads: pieces of 32 tasks 1.1 / 1.4, 64 1.0 / 1.0, 256 1.2 / 1.0, 512
1.25 / 1.1, all at once 3 / 2; freed memory handed back (kept_memory.py) 1.9 / 1.6; transparent huge pages for it
1.4 / 1.7; pieces side by side in Python threads – / 1.0.
"""
import torch
import torch.nn.functional as F
from torch.func import grad, vmap

import torch_common as common
from serve import arguments, serve
from workload import read_workload

args = arguments()
common.set_up(args)
work = read_workload(args.folder)
n = work.n
# Tasks at a time, so that their own weights stay in cache.
PIECE = common.piece_size(args, 128, n.tasks)
K, E = n.support, n.embedding
batches = [common.tensors(batch) for batch in work.batches]
p = [a.detach() for a in common.dense_parameters(work.arrays)]


def global_logits(e, g):
    V1, c1, V2, c2 = p[4:]
    return F.linear(torch.relu(F.linear(torch.cat([e, g], -1), V1.t(), c1)), V2.t(), c2).squeeze(-1)


def batched_meta(x, w):
    W1, b1, W2, b2 = w
    return torch.baddbmm(b2, torch.relu(torch.baddbmm(b1, x, W1)), W2)


def autograd_adapt(xs, gs, ys):
    T = len(xs)
    W1, b1, W2, b2 = (a.requires_grad_() for a in p[:4])
    w = [W1.expand(T, -1, -1), b1.expand(T, 1, -1), W2.expand(T, -1, -1), b2.expand(T, 1, -1)]
    for _ in range(n.innerSteps):
        inner = F.binary_cross_entropy_with_logits(global_logits(batched_meta(xs, w), gs), ys, reduction="sum") / K
        w = [a - n.innerRate * d for a, d in zip(w, torch.autograd.grad(inner, w))]
    return batched_meta(xs, w).mean(1).detach()


def manual_adapt(xs, gs, ys):
    """One step, by hand: the first forward pass uses the shared weights, and V1 is split so that g's part is separate."""
    assert n.innerSteps == 1
    W1, b1, W2, b2, V1, c1, V2, c2 = p
    Ve, Vg = V1[:E], V1[E:]
    h = torch.relu(F.linear(xs, W1.t(), b1))
    e = F.linear(h, W2.t(), b2)
    z = torch.relu(F.linear(gs, Vg.t(), c1) + e @ Ve)
    logits = F.linear(z, V2.t(), c2).squeeze(-1)
    dlogits = (torch.sigmoid(logits) - ys) * (n.innerRate / K)
    de = ((dlogits.unsqueeze(-1) * V2.squeeze(-1)) * (z > 0)) @ Ve.t()
    dh = F.linear(de, W2) * (h > 0)
    w = [
        W1 - torch.bmm(xs.transpose(1, 2), dh),
        b1 - dh.sum(1, keepdim=True),
        W2 - torch.bmm(h.transpose(1, 2), de),
        b2 - de.sum(1, keepdim=True),
    ]
    return batched_meta(xs, w).mean(1)


def one_task_embedding(x, w):
    W1, b1, W2, b2 = w
    return torch.relu(x @ W1 + b1) @ W2 + b2


def support_loss(w, x, g, y):
    return F.binary_cross_entropy_with_logits(global_logits(one_task_embedding(x, w), g), y)


def functional_adapt(xs, gs, ys):
    def task(x, g, y):
        w = tuple(p[:4])
        for _ in range(n.innerSteps):
            w = tuple(a - n.innerRate * d for a, d in zip(w, grad(support_loss)(w, x, g, y)))
        return one_task_embedding(x, w).mean(0)

    return vmap(task)(xs, gs, ys)


def loop_adapt(xs, gs, ys):
    out = []
    for x, g, y in zip(xs, gs, ys):
        w = [a.clone().requires_grad_() for a in p[:4]]
        for _ in range(n.innerSteps):
            w = [a - n.innerRate * d for a, d in zip(w, torch.autograd.grad(support_loss(w, x, g, y), w))]
        out.append(one_task_embedding(x, w).mean(0).detach())
    return torch.stack(out)


adapts = {"autograd": autograd_adapt, "manual": manual_adapt, "func": functional_adapt, "loop": loop_adapt}
if args.variant == "compile":
    adapts["compile"] = torch.compile(manual_adapt, dynamic=False)
adapt_of = adapts[args.variant]


def step(i):
    batch = batches[i % len(batches)]
    with torch.set_grad_enabled(args.variant in ("autograd", "loop")):
        pieces = zip(*(batch[name].split(PIECE) for name in ("xs", "gs", "ys")))
        return common.finished(torch.cat([adapt_of(*piece) for piece in pieces]))


checks = lambda: common.sampled(step(0))
serve(args, f"torch-{args.variant}", torch.__version__, work.setting, step, checks, common.gflops)
