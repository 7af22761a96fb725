"""From raw files to a test AUC with pandas, scikit-learn and PyTorch: one process, one line of JSON.

    python end_to_end.py --log movielens|kuairand --data DIR --model widedeep|limaml --rate 1e-3 …

Options are those of bench/end-to-end/recipe.ts, which names them for both sides; supports are drawn as the program does. What our program does
besides (a manifest, provenance, checkpoints, intervals, segments, calibration) is left out.
"""
import argparse
import json
import resource
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.metrics import roc_auc_score

from end_to_end_data import read_log
from end_to_end_models import Limaml, WideDeep

parser = argparse.ArgumentParser()
for flag in ("--log", "--data", "--model"):
    parser.add_argument(flag, required=True)
for flag in ("--epochs", "--tasks", "--support", "--query"):
    parser.add_argument(flag, type=int, required=True)
for flag in ("--rate", "--dropout", "--weight-decay"):
    parser.add_argument(flag, type=float, required=True)
parser.add_argument("--hidden", required=True, help="widths of wide & deep, by commas")
parser.add_argument("--threads", type=int, default=2)
args = parser.parse_args()
torch.set_num_threads(args.threads)
torch.manual_seed(1)
random = np.random.default_rng(1)
TASKS, SUPPORT, QUERY = args.tasks, args.support, args.query

started = time.perf_counter()
log = read_log(args.log, args.data)
columns = {name: torch.tensor(getattr(log, name)) for name in ("ids", "member", "item", "tags", "numbers", "label")}


def optimisers(model, rate):
    tables = [p for name, p in model.named_parameters() if "table" in name]
    rest = [p for name, p in model.named_parameters() if "table" not in name]
    return torch.optim.SparseAdam(tables, lr=rate), torch.optim.Adam(rest, lr=rate, weight_decay=args.weight_decay, fused=True)


def moved(loss, steppers):
    for stepper in steppers:
        stepper.zero_grad(set_to_none=True)
    loss.backward()
    for stepper in steppers:
        stepper.step()


def wide_deep():
    model = WideDeep(log, [int(width) for width in args.hidden.split(",")], args.dropout)
    steppers = optimisers(model, args.rate)
    features = ("ids", "member", "item", "tags", "numbers")
    train = np.flatnonzero(log.split == 0)

    def epoch():
        model.train()
        for rows in torch.from_numpy(random.permutation(train)).split(1024):
            logits = model(*(columns[name][rows] for name in features))
            moved(F.binary_cross_entropy_with_logits(logits, columns["label"][rows]), steppers)

    @torch.no_grad()
    def score(split):
        model.eval()
        rows = torch.from_numpy(np.flatnonzero(log.split == split))
        return rows.numpy(), torch.cat([model(*(columns[name][part] for name in features)) for part in rows.split(8192)])

    return epoch, score


def limaml():
    model = Limaml(log, args.dropout)
    steppers = optimisers(model, args.rate)
    starts = np.flatnonzero(np.diff(log.owner, prepend=-1))
    members = np.split(np.arange(len(log.owner)), starts[1:])

    def padded(lists):
        rows = torch.zeros(len(lists), max(1, max(map(len, lists))), dtype=torch.int64)
        mask = torch.zeros(rows.shape)
        for i, of in enumerate(lists):
            rows[i, : len(of)] = torch.from_numpy(of)
            mask[i, : len(of)] = 1
        return rows, mask

    def features(rows):
        return model.rows(columns["ids"][rows][..., 1:], *(columns[name][rows] for name in ("item", "tags", "numbers")))

    def logits(of, support, query):
        rows, mask = padded(support)
        e = model.adapted(columns["member"][torch.tensor([member[0] for member in of])], features(rows), columns["label"][rows], mask)
        return model.logits(e, features(query))

    def epoch():
        model.train()
        known = [(member, member[log.split[member] == 0]) for member in members]
        known = [known[i] for i in random.permutation(len(known)) if len(known[i][1]) > 0]
        for start in range(0, len(known), TASKS):
            of = known[start : start + TASKS]
            drawn = [random.permutation(rows) for _, rows in of]
            queries = [rows[: max(1, min(QUERY, len(rows) // 2))] for rows in drawn]
            support = [rows[len(asked) :][:SUPPORT] for rows, asked in zip(drawn, queries)]
            query, weight = padded(queries)
            found = logits([member for member, _ in of], support, query)
            losses = F.binary_cross_entropy_with_logits(found, columns["label"][query], weight, reduction="sum")
            moved(losses / weight.sum(), steppers)

    def score(split):
        model.eval()
        asked = [(member[log.split[member] < split][-SUPPORT:], member[log.split[member] == split], member) for member in members]
        asked = sorted((one for one in asked if len(one[1]) > 0), key=lambda one: len(one[0]))
        rows, found = [], []
        for start in range(0, len(asked), TASKS):
            support, queries, of = zip(*asked[start : start + TASKS])
            query, mask = padded(queries)
            found.append(logits(of, support, query).detach()[mask > 0])
            rows.extend(queries)
        return np.concatenate(rows), torch.cat(found)

    return epoch, score


epoch, score = {"widedeep": wide_deep, "limaml": limaml}[args.model]()


def auc(split):
    rows, logits = score(split)
    return roc_auc_score(log.label[rows], logits.numpy())


for number in range(args.epochs):
    epoch()
    print(f"epoch {number + 1}: validation AUC {auc(1):.4f}", file=sys.stderr)
trained = time.perf_counter()
test = auc(2)
print(json.dumps({"auc": test, "trainSeconds": trained - started, "evalSeconds": time.perf_counter() - trained,
                  "cpuSeconds": time.process_time(), "peakMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
