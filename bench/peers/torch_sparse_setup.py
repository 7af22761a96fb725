"""What the PyTorch engines of the sparse workloads share: the workload, its sizes, and how a batch is laid out."""
import torch

import torch_common as common
from serve import arguments
from workload import read_workload

ADAPT_TILE = 64

args = arguments()
common.set_up(args.threads)
work = read_workload(args.folder)
n = work.n
training = work.kind == "meta-sparse"
# Adapting runs over tiles of tasks, so that their own weights stay in cache; measured best among 32, 64, 128, 256.
T = n.tasks if training else min(n.tasks, ADAPT_TILE)
D, E = n.dims, n.embedding
M, R = n.entityFeatures * D, n.itemFeatures * D
batches = [common.tensors(batch) for batch in work.batches]
parameters = common.dense_parameters(work.arrays)
table = torch.from_numpy(work.arrays["table"])


def tiles(batch, tasks):
    """The batch cut into T tasks at a time, as views."""
    for first in range(0, tasks, T):
        offsets = batch["offsets"][first : first + T + 1]
        rows = slice(int(offsets[0]), int(offsets[-1]))
        yield {
            "entities": batch["entities"][first : first + T],
            "offsets": offsets - offsets[0],
            "supportItems": batch["supportItems"][rows],
            "supportLabels": batch["supportLabels"][rows],
        }


def layout(batch):
    """Where support rows go in a [tasks, longest] block: (task of each row, place in its task, lengths, longest)."""
    lengths = torch.diff(batch["offsets"]).long()
    tasks = torch.repeat_interleave(lengths)
    places = torch.arange(len(tasks)) - batch["offsets"][:-1].long()[tasks]
    return tasks, places, lengths, int(lengths.max())


def padded(batch, support):
    """The support as [tasks, longest, …] with the weight of every place in its task's inner loss."""
    tasks, places, lengths, longest = layout(batch)
    flat = tasks * longest + places
    rows = support.new_zeros(T * longest, R).index_copy(0, flat, support).view(T, longest, R)
    labels = support.new_zeros(T * longest).index_copy_(0, flat, batch["supportLabels"]).view(T, longest)
    weights = torch.arange(longest) < lengths[:, None]
    return rows, labels, weights / (lengths + n.shrink)[:, None]


def parts(batch, embedded):
    """[positions, 16] back into entity, support and query features."""
    rows = int(batch["offsets"][-1])
    sizes = [T * n.entityFeatures, rows * n.itemFeatures]
    entity, support, query = embedded.split([*sizes, len(embedded) - sum(sizes)])
    return entity.view(T, M), support.view(rows, R), query.view(-1, R)
