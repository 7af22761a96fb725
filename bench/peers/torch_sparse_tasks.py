"""PyTorch on the sparse workloads, written for one task: torch.func over tasks, or a loop over them."""
import torch
import torch.nn.functional as F
from torch.func import grad, vmap

from torch_sparse_setup import M, R, T, n, padded, training


def cross_entropy(logits, labels):
    return F.softplus(logits) - labels * logits


def one_task_embedding(m, w):
    W1, b1, W2, b2 = w
    return torch.relu(m @ W1 + b1) @ W2 + b2


def one_task_logits(m, r, w, shared):
    V1, c1, V2, c2 = shared
    both = torch.cat([one_task_embedding(m, w), m]).expand(r.shape[0], -1)
    return (torch.relu(torch.cat([both, r], -1) @ V1 + c1) @ V2 + c2).squeeze(-1)


def functional_task(p):
    meta, shared = tuple(p[:4]), tuple(p[4:])

    def support_loss(w, m, rows, labels, weights):
        return (weights * cross_entropy(one_task_logits(m, rows, w, shared), labels)).sum()

    def adapted(m, *support):
        w = meta
        for _ in range(n.innerSteps):
            w = tuple(a - n.innerRate * d for a, d in zip(w, grad(support_loss)(w, m, *support)))
        return w

    return adapted, shared


def functional_adapt(batch, p, entity, support):
    adapted, _ = functional_task(p)
    task = vmap(lambda m, *s: one_task_embedding(m, adapted(m, *s)))
    return task(entity.view(T, M), *padded(batch, support))


def functional_loss(batch, p, entity, support, query):
    adapted, shared = functional_task(p)

    def task(m, rows, labels, weights, q, y):
        return cross_entropy(one_task_logits(m, q, adapted(m, rows, labels, weights), shared), y).mean()

    return vmap(task)(
        entity.view(T, M), *padded(batch, support), query.view(T, n.query, R), batch["queryLabels"]
    ).mean()


def loop_adapt_one(p, m, rows, labels):
    w = [a.clone() for a in p[:4]] if training else list(p[:4])
    for _ in range(n.innerSteps if len(rows) else 0):
        logits = one_task_logits(m, rows, w, p[4:])
        inner = F.binary_cross_entropy_with_logits(logits, labels, reduction="sum") / (len(rows) + n.shrink)
        w = [a - n.innerRate * d for a, d in zip(w, torch.autograd.grad(inner, w, create_graph=training))]
    return w


def per_task(batch, entity, support):
    lengths = batch["lengths"].tolist()
    return zip(entity.view(T, M), support.split(lengths), batch["supportLabels"].split(lengths))


def loop_adapt(batch, p, entity, support):
    tasks = per_task(batch, entity, support)
    return torch.stack([one_task_embedding(m, loop_adapt_one(p, m, *rows)) for m, *rows in tasks])


def loop_loss(batch, p, entity, support, query):
    total = 0.0
    queries = zip(query.view(T, n.query, R), batch["queryLabels"])
    for (m, *rows), (q, y) in zip(per_task(batch, entity, support), queries):
        logits = one_task_logits(m, q, loop_adapt_one(p, m, *rows), p[4:])
        total = total + F.binary_cross_entropy_with_logits(logits, y)
    return total / T
