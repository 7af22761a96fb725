"""PyTorch on the replay: variants func and pairs (see bench/workloads/replay.ts and docs/engine.md).

Windows, and the vectors that they come to, are found for all entities of a part at once. Windows are sorted by the length of their
support, so that little of a piece is padding.
`func`   one window's code, vmap over the windows of a piece.
`pairs`  what a row needs of the global block (its features through their matrices) is computed once for all windows that see the
         row, the inner gradient is written out by hand, and adapted weights are kept as pairs (torch_sparse_pairs.py).

Tried, a vector at every event, as processor times of this on one thread of a busy machine: `func` in pieces of 32 windows 1.42, 64
1.18, 128 1.03; `pairs` 32 1.05, 64 1.05, 256 1.0.
"""
import torch
import torch.nn.functional as F
from torch.func import grad, vmap

import torch_common as common
from serve import arguments, serve
from workload import read_workload

args = arguments()
PIECE = common.piece_size(args, 256 if args.variant == "func" else 128, 4096)
SCORED_PIECE = 4096 if args.device == "cpu" else 2**20
DAY_MS = 86_400_000
common.set_up(args)
work = read_workload(args.folder)
n = work.n
p = common.tensors(work.arrays)
log = common.tensors(work.batches[0])
EACH = n.before + n.scored
log["times"] = log["days"].long() * DAY_MS + log["ms"]
entities = len(log["items"]) // n.parts
run_pieces = common.pieces_side_by_side(args)


def windows_of(times):
    """Times [entities, rows] → entity, first and end of the support of each vector; vector of each scored row."""
    scored = times[:, n.before :].contiguous()
    at = scored if n.refreshMs == 0 else torch.maximum(scored[:, :1], scored // n.refreshMs * n.refreshMs)
    known = torch.searchsorted(times, at)
    new = torch.ones_like(known, dtype=torch.bool)
    new[:, 1:] = known[:, 1:] != known[:, :-1]
    end = known[new]
    return new.nonzero()[:, 0], (end - n.maxSupport).clamp_(min=0), end, new.view(-1).cumsum(0) - 1


class Part:
    """Rows of some entities, and what their windows are."""

    def __init__(self, i):
        mine = slice(i * entities, (i + 1) * entities)
        items = log["items"][mine].reshape(-1).long()
        self.labels = log["labels"][mine].reshape(-1)
        self.meta = p["meta.region"].index_select(0, log["regions"][mine].long())
        # genres holds those of items 1, 2, ….
        genres = log["genres"].index_select(0, items - 1).long()
        self.features = torch.cat([p["item.item"].index_select(0, items), p["item.genre"].index_select(0, genres)], 1)
        self.entity, self.first, end, self.vector = windows_of(log["times"][mine])
        self.length = end - self.first
        rows = torch.arange(len(items), device=args.device).view(-1, EACH)[:, n.before :]
        self.scored = rows.reshape(-1)

    def pieces(self):
        """Windows of a piece, rows [windows, longest] of their support (any where it is padding), and their weights in the inner loss."""
        for windows in torch.argsort(self.length, stable=True).split(PIECE):
            length = self.length[windows, None]
            places = torch.arange(int(length.max()), device=args.device)
            rows = self.entity[windows, None] * EACH + self.first[windows, None] + places
            yield windows, rows.clamp_(max=len(self.labels) - 1), (places < length) / (length + n.shrinkage)


def logits_of(e, features):
    """Global block; e is broadcast over the rows of features."""
    mixed = e * (features @ p["global.projection"])
    z = features @ p["global.first.features"] + p["global.first.bias"] + e @ p["global.first.vector"]
    z = torch.relu(z + mixed @ p["global.first.interaction"])
    return (z @ p["global.w0"] + p["global.b0"]).squeeze(-1)


def adapted_by_vmap(part, windows, rows, weights):
    layers = [p["meta.w0"], p["meta.b0"], p["meta.w1"], p["meta.b1"]]
    rates = [p[f"inner.rate.{name}"] for name in ("weight0", "bias0", "weight1", "bias1")]

    def embedding(w, m):
        return torch.relu(m @ w[0] + w[1]) @ w[2] + w[3]

    def support_loss(w, m, features, labels, weights):
        logits = logits_of(embedding(w, m), features)
        return (weights * (F.softplus(logits) - labels * logits)).sum()

    def task(m, *support):
        w = layers
        for _ in range(n.innerSteps):
            w = [a - rate * d for a, rate, d in zip(w, rates, grad(support_loss)(w, m, *support))]
        return embedding(w, m).squeeze(0)

    flat = rows.view(-1)
    features = part.features.index_select(0, flat).view(*rows.shape, -1)
    labels = part.labels.index_select(0, flat).view(rows.shape)
    return vmap(task)(part.meta.index_select(0, part.entity[windows]).unsqueeze(1), features, labels, weights)


def shared_products(part):
    """What rows need of the global block whatever the vector is."""
    part.base = torch.addmm(p["global.first.bias"], part.features, p["global.first.features"])
    part.projected = part.features @ p["global.projection"]


def adapted_by_pairs(part, windows, rows, weights):
    W1, b1, W2, b2 = (p[f"meta.{name}"] for name in ("w0", "b0", "w1", "b1"))
    Ve, Vi, V2, c2 = (p[f"global.{name}"] for name in ("first.vector", "first.interaction", "w0", "b0"))
    first_rates, second_rates = ((p[f"inner.rate.weight{i}"], p[f"inner.rate.bias{i}"]) for i in (0, 1))
    flat = rows.view(-1)
    base = part.base.index_select(0, flat).view(*rows.shape, -1)
    projected = part.projected.index_select(0, flat).view(*rows.shape, -1)
    labels = part.labels.index_select(0, flat).view(rows.shape)
    m = part.meta.index_select(0, part.entity[windows])
    v2 = V2.squeeze(1)

    def overlap(rates, x, y):
        return rates[0] * (x * y).sum(1, keepdim=True) + rates[1]

    def gradient_of(e):
        """Of the inner loss by e: a window's rows are summed before their gradient passes through the vector's matrix."""
        z = torch.matmul(projected * e.unsqueeze(1), Vi).add_(base).add_((e @ Ve).unsqueeze(1)).relu_()
        d = torch.sigmoid(z @ v2 + c2.squeeze()).sub_(labels).mul_(weights)
        g = (z > 0) * (d.unsqueeze(2) * v2)
        return g.sum(1) @ Ve.t() + torch.matmul(g, Vi.t()).mul_(projected).sum(1)

    first, same = torch.addmm(b1, m, W1), overlap(first_rates, m, m)
    moved, second = 0.0, []

    def through():
        h = torch.relu(first - same * moved)
        e = torch.addmm(b2, h, W2)
        for before, delta in second:
            e = e - overlap(second_rates, h, before) * delta
        return h, e

    for _ in range(n.innerSteps):
        h, e = through()
        de = gradient_of(e)
        dh = de @ W2.t()
        for before, delta in second:
            dh = dh - second_rates[0] * before * (delta * de).sum(1, keepdim=True)
        moved = moved + dh * (h > 0)
        second.append((h, de))
    return through()[1]


def scores_by_vmap(part, vectors, rows, owners):
    return torch.sigmoid(logits_of(vectors.index_select(0, owners), part.features.index_select(0, rows)))


def scores_by_pairs(part, vectors, rows, owners):
    e = vectors.index_select(0, owners)
    z = part.base.index_select(0, rows) + (vectors @ p["global.first.vector"]).index_select(0, owners)
    z += (e * part.projected.index_select(0, rows)) @ p["global.first.interaction"]
    return torch.sigmoid(torch.addmm(p["global.b0"], z.relu_(), p["global.w0"]).squeeze(1))


prepare, adapted, scores_of = {
    "func": (lambda part: None, adapted_by_vmap, scores_by_vmap),
    "pairs": (shared_products, adapted_by_pairs, scores_by_pairs),
}[args.variant]


def replay(i):
    """Vectors and scores of part i, in the order of entities and times."""
    with torch.no_grad():
        part = Part(i % n.parts)
        prepare(part)
        found = list(part.pieces())
        vectors = torch.empty(len(part.length), n.embedding, device=args.device)
        vectors[torch.cat([windows for windows, *_ in found])] = torch.cat(
            run_pieces(lambda piece: adapted(part, *piece), found)
        )
        rows = zip(part.scored.split(SCORED_PIECE), part.vector.split(SCORED_PIECE))
        return vectors, common.finished(torch.cat(run_pieces(lambda piece: scores_of(part, vectors, *piece), rows)))


def evenly(values):
    """How many numbers there are, and 1,009 of them, evenly spaced, as bench/engines/limaml-replay.ts takes them."""
    flat = values.reshape(-1)
    return [len(flat), *flat[:: len(flat) // 1009][:1009].tolist()]


checks = lambda: [number for values in replay(0) for number in evenly(values)]
serve(args, f"torch-{args.variant}", torch.__version__, work.setting, replay, checks, common.gflops)
