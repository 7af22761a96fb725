"""PyTorch on the scoring workload: variants eager and compile, over pieces of rows.

Tried, as times of this: on one thread pieces of 4,096 rows 1.14, 16,384 1.18; on two 16,384 1.0, and pieces side by side
in Python threads 1.0.
"""
import torch
import torch.nn.functional as F

import torch_common as common
from serve import arguments, serve
from workload import read_workload

args = arguments()
# Rows at a time, so that a piece stays in cache.
PIECE = common.piece_size(args, 1024 if args.threads == 1 else 4096, 2**20)
common.set_up(args)
work = read_workload(args.folder)
arrays = common.tensors(work.arrays)
batch = common.tensors(work.batches[0])
table, embeddings, entity_features = (arrays[name] for name in ("table", "metaEmbeddings", "entityFeatures"))
V1, c1, V2, c2 = (arrays[name] for name in ("V1", "c1", "V2", "c2"))
V1_t, V2_t = V1.t().contiguous(), V2.t().contiguous()


def score(owners, items):
    rows = len(owners)
    m = table.index_select(0, entity_features.index_select(0, owners).view(-1)).view(rows, -1)
    r = table.index_select(0, items.reshape(-1)).view(rows, -1)
    joined = torch.cat([embeddings.index_select(0, owners), m, r], -1)
    return torch.sigmoid(F.linear(torch.relu(F.linear(joined, V1_t, c1)), V2_t, c2)).squeeze(-1)


score_of = torch.compile(score, dynamic=True) if args.variant == "compile" else score


def step(i):
    with torch.inference_mode():
        pieces = zip(batch["rowEntities"].split(PIECE), batch["rowItems"].split(PIECE))
        return common.finished(torch.cat([score_of(*piece) for piece in pieces]))


checks = lambda: common.sampled(step(0))
serve(args, f"torch-{args.variant}", torch.__version__, work.setting, step, checks, common.gflops)
