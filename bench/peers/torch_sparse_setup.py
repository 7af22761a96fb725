"""What the PyTorch engines of the sparse workloads share: the workload, its sizes, and how a batch is laid out."""
import torch

import torch_common as common
from serve import arguments
from workload import read_workload

args = arguments()
common.set_up(args)
work = read_workload(args.folder)
n = work.n
# Tasks of a piece, so that their own weights stay in cache; must divide the workload's.
T = common.piece_size(args, 64, n.tasks)
training = work.kind == "meta-sparse"
PER_TASK = ("entities", "queryItems", "queryLabels")
D, E = n.dims, n.embedding
M, R = n.entityFeatures * D, n.itemFeatures * D
batches = [common.tensors(batch) for batch in work.batches]
parameters = common.dense_parameters(work.arrays)
table = common.placed(work.arrays["table"])


def pieces(batch, by_length):
    """The batch cut into T tasks at a time; with `by_length`, of like support length, so that little is padding. Also
    the tasks in the order of the pieces."""
    offsets = batch["offsets"].long()
    lengths = torch.diff(offsets)
    order = torch.argsort(lengths) if by_length else torch.arange(len(lengths), device=args.device)
    out = []
    for tasks in order.split(T):
        own = lengths[tasks]
        starts = torch.cumsum(own, 0) - own
        rows = torch.arange(int(own.sum()), device=args.device) + torch.repeat_interleave(offsets[tasks] - starts, own)
        piece = {name: batch[name].index_select(0, rows) for name in ("supportItems", "supportLabels")}
        piece |= {name: batch[name].index_select(0, tasks) for name in PER_TASK if name in batch}
        out.append(piece | {"lengths": own})
    return out, order


def layout(batch):
    """Where support rows go in a [tasks, longest] block: (task of each row, place in its task, lengths, longest)."""
    lengths = batch["lengths"]
    tasks = torch.repeat_interleave(lengths)
    places = torch.arange(len(tasks), device=args.device) - (torch.cumsum(lengths, 0) - lengths)[tasks]
    return tasks, places, lengths, int(lengths.max())


def padded(batch, support):
    """The support as [tasks, longest, …] with the weight of every place in its task's inner loss."""
    tasks, places, lengths, longest = layout(batch)
    flat = tasks * longest + places
    rows = support.new_zeros(T * longest, R).index_copy(0, flat, support).view(T, longest, R)
    labels = support.new_zeros(T * longest).index_copy_(0, flat, batch["supportLabels"]).view(T, longest)
    weights = torch.arange(longest, device=args.device) < lengths[:, None]
    return rows, labels, weights / (lengths + n.shrink)[:, None]


def parts(batch, embedded):
    """[positions, 16] back into entity, support and query features."""
    rows = len(batch["supportLabels"])
    sizes = [T * n.entityFeatures, rows * n.itemFeatures]
    entity, support, query = embedded.split([*sizes, len(embedded) - sum(sizes)])
    return entity.view(T, M), support.view(rows, R), query.view(-1, R)
