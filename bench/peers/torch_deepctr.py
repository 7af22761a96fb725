"""DeepCTR-Torch on rows of categorical features: its WDL without a linear side, which is the network of workload e.

A step is what its `fit` does with a batch: the features as a float matrix, one look-up a field, dense Adam over whole tables. Two
things differ so that the losses can be compared: the loss is the mean over the batch, where `fit` takes the sum, and its gradients
are not followed by metrics. Initial weights are the workload's. Small tables only, for the same reason as `torch-dense`.
"""
import sys
from types import SimpleNamespace

import torch
import torch.nn.functional as F

# On import it asks the package index for newer versions and prints what came of it: no part of a step, and no line of the protocol.
sys.modules["deepctr_torch.utils"] = SimpleNamespace(check_version=lambda version: None)
from deepctr_torch.inputs import SparseFeat
from deepctr_torch.models import WDL

import torch_common as common
from serve import arguments, serve
from workload import read_workload

args = arguments()
common.set_up(args)
work = read_workload(args.folder)
n = work.n
sizes = [len(work.arrays[f"table{f}"]) for f in range(n.fields)]
columns = [SparseFeat(f"f{f}", vocabulary_size=size, embedding_dim=n.dims) for f, size in enumerate(sizes)]
model = WDL([], columns, dnn_hidden_units=(256, 128), l2_reg_linear=0, l2_reg_embedding=0, dnn_dropout=0, device=args.device)
with torch.no_grad():
    for f in range(n.fields):
        model.embedding_dict[f"f{f}"].weight.copy_(torch.from_numpy(work.arrays[f"table{f}"]))
    hidden = [*model.dnn.linears, model.dnn_linear]
    biases = [layer.bias for layer in model.dnn.linears] + [model.out.bias]
    for i, (layer, bias) in enumerate(zip(hidden, biases), 1):
        layer.weight.copy_(torch.from_numpy(work.arrays[f"V{i}"]).T)
        bias.copy_(torch.from_numpy(work.arrays[f"c{i}"]))
epoch = common.tensors(work.batches[0])
features, labels, order = epoch["indices"].float(), epoch["labels"], epoch["order"].long()
optimiser = common.adam([p for p in model.parameters() if p.requires_grad], n)
steps = n.rows // n.batchRows
model.train()


def step(i):
    rows = order[i % steps * n.batchRows :][: n.batchRows]
    predicted = model(features.index_select(0, rows)).squeeze()
    optimiser.zero_grad()
    loss = F.binary_cross_entropy(predicted, labels.index_select(0, rows))
    loss.backward()
    optimiser.step()
    return loss.item()


serve(args, "torch-deepctr", f"torch {torch.__version__}", work.setting, step, common.first_losses(step), common.gflops)
