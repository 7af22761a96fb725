"""PyTorch on the sparse workloads with the algebra of our own engine (docs/engine.md): no task ever has weights of its own.

The meta block sees one row a task, the entity's m. A step on a layer of input x is −rate · xᵀ·δ, so a moved layer gives
x'·W + b − Σ over steps (x'·x + 1)·δ, and only the pairs (x, δ) are kept; rates are inside δ.
"""
import torch

from torch_sparse_batched import inner_parts, query_loss
from torch_sparse_setup import M, T, n


def moved(x, plain, pairs):
    """plain = x·W + b, less what the steps taken so far have moved it."""
    for before, delta in pairs:
        plain = plain - ((x * before).sum(1, keepdim=True) + 1) * delta
    return plain


def pairs_adapt(batch, p, entity, support):
    W1, b1, W2, b2 = p[:4]
    m = entity.view(T, M)
    gradient_of = inner_parts(batch, p, m, support)
    first = torch.addmm(b1, m, W1)
    # The first layer's input is m at every step, so its pairs add up in one.
    same = (m * m).sum(1, keepdim=True) + 1
    first_delta, second = 0.0, []
    for _ in range(n.innerSteps):
        h = torch.relu(first - same * first_delta)
        de = gradient_of(moved(h, torch.addmm(b2, h, W2), second))
        dh = de @ W2.t()
        for before, delta in second:
            dh = dh - before * (delta * de).sum(1, keepdim=True)
        first_delta = first_delta + dh * (h > 0)
        second.append((h, de))
    h = torch.relu(first - same * first_delta)
    return moved(h, torch.addmm(b2, h, W2), second).unsqueeze(1)


def pairs_loss(batch, p, entity, support, query):
    return query_loss(batch, p, pairs_adapt(batch, p, entity, support), entity, query)
