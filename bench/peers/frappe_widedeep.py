"""The published wide & deep recipe of Frappe_x1 in plain PyTorch on a folder that `limaml prep frappe-random` made: the same rows, another program.

python bench/peers/frappe_widedeep.py PREPARED_FOLDER SEED...   prints validation and test AUC a seed (scikit-learn's).
400-400-400 with batch norm before ReLU over whole batches of 4,096, dropout 0.6, tables of size 10 and a linear side, both from N(0, 1e-4),
Adam at 1e-3, 0.1 / 2 times the sum of squares of whole tables in the loss, the rate times 0.1 (no lower than 1e-6) after each epoch that
is not better on validation rows, a stop after two, the best epoch's values kept.
"""
import copy
import sys
import time

import pyarrow.parquet as parquet
import torch
import torch.nn.functional as F
from sklearn.metrics import roc_auc_score
from torch import nn

torch.set_num_threads(1)
folder, seeds = sys.argv[1], [int(seed) for seed in sys.argv[2:]]
EVENT = ["daytime", "weekday", "weekend", "place", "weather", "country", "city"]


def columns():
    events = parquet.read_table(f"{folder}/events").to_pandas()
    cost = parquet.read_table(f"{folder}/items.parquet").to_pandas().set_index("index")["cost"]
    names = ["entity", "item", *EVENT]
    values = events[names].copy()
    values["cost"] = events["item"].map(cost)
    return values.astype("int64"), events["label"].astype("float32"), events["split"]


class WideDeep(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.register_buffer("starts", torch.tensor([0, *sizes])[:-1].cumsum(0))
        self.deep, self.wide = nn.Embedding(sum(sizes), 10), nn.Embedding(sum(sizes), 1)
        for table in (self.deep, self.wide):
            nn.init.normal_(table.weight, std=1e-4)
        layers, width = [], 10 * len(sizes)
        for hidden in (400, 400, 400):
            linear = nn.Linear(width, hidden)
            nn.init.xavier_normal_(linear.weight), nn.init.zeros_(linear.bias)
            layers += [linear, nn.BatchNorm1d(hidden), nn.ReLU(), nn.Dropout(0.6)]
            width = hidden
        out = nn.Linear(width, 1)
        nn.init.xavier_normal_(out.weight), nn.init.zeros_(out.bias)
        self.mlp, self.bias = nn.Sequential(*layers, out), nn.Parameter(torch.zeros(1))

    def forward(self, x):
        x = x + self.starts
        return self.mlp(self.deep(x).flatten(1))[:, 0] + self.wide(x).sum(1)[:, 0] + self.bias


def auc(model, x, y):
    model.eval()
    with torch.no_grad():
        return roc_auc_score(y, torch.cat([model(part) for part in x.split(8192)]))


values, labels, split = columns()
sizes = (values.max() + 1).tolist()
parts = {}
for code, name in enumerate(("train", "valid", "test")):
    of = (split == code).to_numpy()
    parts[name] = torch.tensor(values[of].to_numpy()), torch.tensor(labels[of].to_numpy())
x, y = parts["train"]
for seed in seeds:
    torch.manual_seed(seed)
    start, model, best, bad, rate = time.process_time(), WideDeep(sizes), (0, None, 0), 0, 1e-3
    optimiser = torch.optim.Adam(model.parameters(), lr=rate, fused=True)
    for epoch in range(100):
        model.train()
        for rows in torch.randperm(len(x)).split(4096):
            loss = F.binary_cross_entropy_with_logits(model(x[rows]), y[rows])
            loss = loss + 0.05 * (model.deep.weight.square().sum() + model.wide.weight.square().sum())
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 10)
            optimiser.step()
        score = auc(model, *parts["valid"])
        print(f"  epoch {epoch + 1} loss {loss.item():.4f} valid {score:.4f} rate {rate:g}", flush=True)
        if score > best[0] + 1e-6:
            best, bad = (score, copy.deepcopy(model.state_dict()), epoch + 1), 0
            continue
        bad, rate = bad + 1, max(rate * 0.1, 1e-6)
        for group in optimiser.param_groups:
            group["lr"] = rate
        if bad == 2:
            break
    model.load_state_dict(best[1])
    print(f"seed {seed}: epoch {best[2]} of {epoch + 1}, valid {best[0]:.4f}, test {auc(model, *parts['test']):.4f}, {time.process_time() - start:.0f} s of processor time", flush=True)
