"""PyTorch on rows of categorical features: variants dense, sparse, lazy (see docs/engine.md).

All tables lie in one, each field's rows after the last's: one look-up a step instead of ten.
`dense`   nn.Embedding, fused Adam over all rows of the table, as most people write it; small tables only, since over
          millions of rows a step takes half a second, and rows that do not occur move on their momentum.
`sparse`  nn.Embedding(sparse=True) with torch.optim.SparseAdam.
`lazy`    the rows of a batch gathered, and Adam on them, by hand (torch_rows.py).
"""
import torch
import torch.nn.functional as F

import torch_common as common
from serve import arguments, serve
from torch_rows import TableRows
from workload import read_workload

args = arguments()
common.set_up(args)
work = read_workload(args.folder)
n = work.n
parameters = common.parameters(work.arrays, ("V1", "c1", "V2", "c2", "V3", "c3"))
tables = [common.placed(work.arrays[f"table{f}"]) for f in range(n.fields)]
starts = torch.tensor([0, *[len(t) for t in tables]], device=args.device)[:-1].cumsum(0)
table = torch.cat(tables)
del tables
epoch = common.tensors(work.batches[0])
ids = epoch["indices"].long() + starts
labels, order = epoch["labels"], epoch["order"].long()
steps = n.rows // n.batchRows


def batch(i):
    rows = order[i % steps * n.batchRows :][: n.batchRows]
    return ids.index_select(0, rows), labels.index_select(0, rows)


def loss_of(x, y):
    V1, c1, V2, c2, V3, c3 = parameters
    h = torch.relu(torch.addmm(c1, x.view(n.batchRows, -1), V1))
    h = torch.relu(torch.addmm(c2, h, V2))
    return F.binary_cross_entropy_with_logits(torch.addmm(c3, h, V3).squeeze(1), y)


def dense_step():
    weights = torch.nn.Parameter(table)
    optimiser = common.adam([*parameters, weights], n)

    def step(i):
        rows, y = batch(i)
        loss = loss_of(F.embedding(rows, weights), y)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        return loss.item()

    return step


def sparse_step():
    weights = torch.nn.Parameter(table)
    optimiser = common.adam(parameters, n)
    of_table = torch.optim.SparseAdam([weights], lr=n.outerRate, betas=(n.beta1, n.beta2), eps=n.epsilon)
    taken = 0

    def step(i):
        nonlocal taken
        rows, y = batch(i)
        loss = loss_of(F.embedding(rows, weights, sparse=True), y)
        optimiser.zero_grad(set_to_none=True)
        of_table.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        taken += 1
        # SparseAdam adds epsilon before the bias of the second moment is taken out, Adam after it.
        of_table.param_groups[0]["eps"] = n.epsilon * (1 - n.beta2**taken) ** 0.5
        of_table.step()
        return loss.item()

    return step


def lazy_step():
    optimiser = common.adam(parameters, n)
    rows_of = TableRows(table, n)

    def step(i):
        rows, y = batch(i)
        rows = rows.view(-1)
        x = rows_of.gather(rows)
        loss = loss_of(x, y)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        with torch.no_grad():
            rows_of.update(rows, x.grad)
        return loss.item()

    return step


step = {"dense": dense_step, "sparse": sparse_step, "lazy": lazy_step}[args.variant]()
serve(args, f"torch-{args.variant}", f"torch {torch.__version__}", work.setting, step, common.first_losses(step),
      common.gflops)
