"""PyTorch on the sparse training and adapting workloads: variants autograd, manual, func, compile, loop."""
import torch

import torch_common as common
import torch_sparse_batched as batched
import torch_sparse_tasks as tasks
from serve import serve
from torch_rows import TableRows
from torch_sparse_setup import M, R, T, E, args, batches, n, parameters, parts, table, tiles, training, work

losses = {
    "autograd": batched.autograd_loss,
    "manual": batched.manual_loss,
    "func": tasks.functional_loss,
    "loop": tasks.loop_loss,
}
adapts = {
    "autograd": batched.autograd_adapt,
    "manual": batched.manual_adapt,
    "func": tasks.functional_adapt,
    "loop": tasks.loop_adapt,
}
if args.variant == "compile":
    losses["compile"] = torch.compile(batched.manual_loss, dynamic=True)
    adapts["compile"] = torch.compile(batched.manual_adapt, dynamic=True)


def train():
    loss_of = losses[args.variant]
    optimiser = common.adam(parameters, n)
    rows = TableRows(table, n)

    def step(i):
        batch = batches[i % len(batches)]
        ids = torch.cat([batch[name].view(-1) for name in ("entities", "supportItems", "queryItems")]).long()
        embedded = rows.gather(ids)
        optimiser.zero_grad(set_to_none=True)
        loss = loss_of(batch, parameters, *parts(batch, embedded))
        loss.backward()
        optimiser.step()
        rows.update(ids, embedded.grad)
        return loss.item()

    return step, common.first_losses(step)


def adapt():
    adapt_of = adapts[args.variant]
    p = [a.detach() for a in parameters]
    # torch.autograd needs leaves to differentiate by; the other variants run without any graph.
    recorded = args.variant in ("autograd", "loop")
    if recorded:
        p = [a.requires_grad_() if i < 4 else a for i, a in enumerate(p)]

    def adapt_tile(tile):
        entity = table.index_select(0, tile["entities"].view(-1)).view(T, M)
        support = table.index_select(0, tile["supportItems"].view(-1)).view(-1, R)
        return adapt_of(tile, p, entity, support).detach().view(T, E)

    def step(i):
        with torch.set_grad_enabled(recorded):
            return torch.cat([adapt_tile(tile) for tile in tiles(batches[i % len(batches)], work.n.tasks)])

    return step, lambda: common.sampled(step(0))


step, checks = train() if training else adapt()
serve(args, f"torch-{args.variant}", torch.__version__, work.setting, step, checks, common.gflops)
