"""PyTorch on the dense training workload: variants autograd, manual, func, compile, loop (see docs/engine.md).

Tried with `manual`, as times of this on 1 / 2 threads: pieces of 128 tasks with gradients added up 1.0 / 1.0, of 64
1.0 / 1.25, of 32 1.1 / 1.6. Compiled, 2 threads: `func` instead of `manual` 1.1, with max_autotune 1.0.
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
T, K = n.tasks, n.support
parameters = common.dense_parameters(work.arrays)
optimiser = common.adam(parameters, n)
batches = [common.tensors(batch) for batch in work.batches]
E = n.embedding


def cross_entropy(logits, labels):
    return F.softplus(logits) - labels * logits


def global_block(e, g, V1, c1, V2, c2):
    """Rows as one large product; [e, g] in one piece."""
    z = torch.relu(F.linear(torch.cat([e, g], -1), V1.t(), c1))
    return F.linear(z, V2.t(), c2).squeeze(-1)


def batched_meta(x, w):
    W1, b1, W2, b2 = w
    return torch.baddbmm(b2, torch.relu(torch.baddbmm(b1, x, W1)), W2)


def autograd_loss(batch, p):
    """The inner gradient by torch.autograd, all tasks at once."""
    W1, b1, W2, b2, *shared = p
    w = [W1.expand(T, -1, -1), b1.expand(T, 1, -1), W2.expand(T, -1, -1), b2.expand(T, 1, -1)]
    for _ in range(n.innerSteps):
        logits = global_block(batched_meta(batch["xs"], w), batch["gs"], *shared)
        inner = F.binary_cross_entropy_with_logits(logits, batch["ys"], reduction="sum") / K
        gradients = torch.autograd.grad(inner, w, create_graph=True)
        w = [a - n.innerRate * d for a, d in zip(w, gradients)]
    logits = global_block(batched_meta(batch["xq"], w), batch["gq"], *shared)
    return F.binary_cross_entropy_with_logits(logits, batch["yq"])


def manual_loss(batch, p):
    """The inner gradient written out by hand as ordinary operations: one backward pass in all. The global block's
    first product is split so that its part of g is computed once, and the first step uses the shared weights."""
    W1, b1, W2, b2, V1, c1, V2, c2 = p
    xs, ys = batch["xs"], batch["ys"]
    xs_t = xs.transpose(1, 2)
    Ve, Vg = V1[:E], V1[E:]
    base = F.linear(batch["gs"], Vg.t(), c1)
    for step in range(n.innerSteps):
        if step == 0:
            h = torch.relu(F.linear(xs, W1.t(), b1))
            e = F.linear(h, W2.t(), b2)
        else:
            h = torch.relu(torch.baddbmm(w[1], xs, w[0]))
            e = torch.baddbmm(w[3], h, w[2])
        z = torch.relu(base + e @ Ve)
        logits = F.linear(z, V2.t(), c2).squeeze(-1)
        dlogits = (torch.sigmoid(logits) - ys) * (n.innerRate / K)
        dz = (dlogits.unsqueeze(-1) * V2.squeeze(-1)) * (z > 0)
        de = dz @ Ve.t()
        dW2, db2 = torch.bmm(h.transpose(1, 2), de), de.sum(1, keepdim=True)
        dh = (F.linear(de, W2) if step == 0 else torch.bmm(de, w[2].transpose(1, 2))) * (h > 0)
        dW1, db1 = torch.bmm(xs_t, dh), dh.sum(1, keepdim=True)
        before = (W1, b1, W2, b2) if step == 0 else w
        w = [a - d for a, d in zip(before, (dW1, db1, dW2, db2))]
    e = batched_meta(batch["xq"], w)
    z = torch.relu(F.linear(batch["gq"], Vg.t(), c1) + e @ Ve)
    logits = F.linear(z, V2.t(), c2).squeeze(-1)
    return F.binary_cross_entropy_with_logits(logits, batch["yq"])


def one_task_logits(x, g, w, shared):
    W1, b1, W2, b2 = w
    V1, c1, V2, c2 = shared
    e = torch.relu(x @ W1 + b1) @ W2 + b2
    return (torch.relu(torch.cat([e, g], -1) @ V1 + c1) @ V2 + c2).squeeze(-1)


def functional_loss(batch, p):
    """torch.func: one task's code, vmap over tasks."""
    meta, shared = tuple(p[:4]), tuple(p[4:])

    def support_loss(w, xs, gs, ys):
        return cross_entropy(one_task_logits(xs, gs, w, shared), ys).mean()

    def task(xs, gs, ys, xq, gq, yq):
        w = meta
        for _ in range(n.innerSteps):
            w = tuple(a - n.innerRate * d for a, d in zip(w, grad(support_loss)(w, xs, gs, ys)))
        return cross_entropy(one_task_logits(xq, gq, w, shared), yq).mean()

    return vmap(task)(*(batch[name] for name in ("xs", "gs", "ys", "xq", "gq", "yq"))).mean()


def loop_loss(batch, p):
    """One task after another, as learn2learn (clone, adapt, query loss) and MeLU do."""
    meta, shared = p[:4], p[4:]
    total = 0.0
    for t in range(T):
        w = [a.clone() for a in meta]
        for _ in range(n.innerSteps):
            logits = one_task_logits(batch["xs"][t], batch["gs"][t], w, shared)
            inner = F.binary_cross_entropy_with_logits(logits, batch["ys"][t])
            w = [a - n.innerRate * d for a, d in zip(w, torch.autograd.grad(inner, w, create_graph=True))]
        logits = one_task_logits(batch["xq"][t], batch["gq"][t], w, shared)
        total = total + F.binary_cross_entropy_with_logits(logits, batch["yq"][t])
    return total / T


losses = {"autograd": autograd_loss, "manual": manual_loss, "func": functional_loss, "loop": loop_loss}
if args.variant == "compile":
    losses["compile"] = torch.compile(manual_loss, dynamic=False)
loss_of = losses[args.variant]


def step(i):
    optimiser.zero_grad(set_to_none=True)
    loss = loss_of(batches[i % len(batches)], parameters)
    loss.backward()
    optimiser.step()
    return loss.item()


serve(args, f"torch-{args.variant}", torch.__version__, work.setting, step, common.first_losses(step), common.gflops)
