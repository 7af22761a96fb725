"""PyTorch on the sparse training and adapting workloads: variants autograd, manual, pairs, func, compile, loop.

Tried with `manual`, as times of this on 1 / 2 threads. Training: pieces of 16 tasks 1.2 / –, 32 1.05 / 1.2, all 128 at
once 1.0 / 1.05; pieces side by side – / 1.05 and more; freed memory handed back (kept_memory.py) 1.1 / 1.3. Adapting: 16
entities 1.1 / 1.3, 32 1.0 / 1.1, 128 1.0 to 1.3 / 1.0; one piece after another, PyTorch using both cores – / 1.0 to 1.4.
"""
import torch

import torch_common as common
import torch_sparse_batched as batched
import torch_sparse_pairs as pairs
import torch_sparse_tasks as tasks
from serve import serve
from torch_rows import TableRows
from torch_sparse_setup import M, R, T, E, args, batches, n, parameters, parts, pieces, table, training, work

losses = {
    "autograd": batched.autograd_loss,
    "manual": batched.manual_loss,
    "pairs": pairs.pairs_loss,
    "func": tasks.functional_loss,
    "loop": tasks.loop_loss,
}
adapts = {
    "autograd": batched.autograd_adapt,
    "manual": batched.manual_adapt,
    "pairs": pairs.pairs_adapt,
    "func": tasks.functional_adapt,
    "loop": tasks.loop_adapt,
}
if args.variant == "compile":
    losses["compile"] = torch.compile(batched.manual_loss, dynamic=True)
    adapts["compile"] = torch.compile(batched.manual_adapt, dynamic=True)


# Only `func` pads: vmap wants one shape.
by_length = args.variant == "func"
run_pieces = common.pieces_side_by_side(args)


def train():
    loss_of = losses[args.variant]
    optimiser = common.adam(parameters, n)
    rows = TableRows(table, n)

    def gradients(piece):
        ids = torch.cat([piece[name].view(-1) for name in ("entities", "supportItems", "queryItems")]).long()
        embedded = rows.gather(ids)
        loss = loss_of(piece, parameters, *parts(piece, embedded)) * (T / n.tasks)
        return loss.detach(), ids, *torch.autograd.grad(loss, [*parameters, embedded])

    def step(i):
        done = [gradients(piece) for piece in pieces(batches[i % len(batches)], by_length)[0]]
        loss, ids, *dense, of_rows = zip(*done)
        for parameter, parts_of_gradient in zip(parameters, dense):
            parameter.grad = sum(parts_of_gradient)
        optimiser.step()
        rows.update(torch.cat(ids), torch.cat(of_rows))
        return sum(loss).item()

    return step, common.first_losses(step)


def adapt():
    adapt_of = adapts[args.variant]
    p = [a.detach() for a in parameters]
    # torch.autograd needs leaves to differentiate by; the other variants run without any graph.
    recorded = args.variant in ("autograd", "loop")
    if recorded:
        p = [a.requires_grad_() if i < 4 else a for i, a in enumerate(p)]

    def adapt_piece(piece):
        with torch.set_grad_enabled(recorded):
            entity = table.index_select(0, piece["entities"].view(-1)).view(T, M)
            support = table.index_select(0, piece["supportItems"].view(-1)).view(-1, R)
            return adapt_of(piece, p, entity, support).detach().view(T, E)

    def step(i):
        found, order = pieces(batches[i % len(batches)], by_length)
        vectors = torch.cat(run_pieces(adapt_piece, found))
        return common.finished(torch.empty_like(vectors).index_copy_(0, order, vectors))

    return step, lambda: common.sampled(step(0))


step, checks = train() if training else adapt()
serve(args, f"torch-{args.variant}", torch.__version__, work.setting, step, checks, common.gflops)
