"""What the JAX engines of the sparse workloads share: one task's blocks, its inner loop, and how supports are padded."""
import jax
import jax.numpy as jnp
import numpy as np


def cross_entropy(logits, labels):
    return jax.nn.softplus(logits) - labels * logits


def embedding(m, w):
    W1, b1, W2, b2 = w
    return jax.nn.relu(m @ W1 + b1) @ W2 + b2


def split_global(p, n):
    """The global block with V1 in the parts of e, m and r, so that what the inner steps do not change is computed once."""
    V1, c1, V2, c2 = p[4:]
    m_end = n.embedding + n.entityFeatures * n.dims
    return V1[: n.embedding], V1[n.embedding : m_end], V1[m_end:], c1, V2[:, 0], c2


def logits_of(e, fixed, shared):
    """fixed [rows, hidden]: what r and m give."""
    Ve, _, _, _, v2, c2 = shared
    return jax.nn.relu(fixed + e @ Ve) @ v2 + c2


def fixed_part(m, r, shared):
    _, Vm, Vr, c1, _, _ = shared
    return r @ Vr + (m @ Vm + c1)


def adapted(p, n, m, r, labels, weights):
    """One task's meta weights after its inner steps. r [support, 8 · 16]; padding has weight 0."""
    shared = split_global(p, n)
    fixed = fixed_part(m, r, shared)

    def support_loss(w):
        return (weights * cross_entropy(logits_of(embedding(m, w), fixed, shared), labels)).sum()

    w = p[:4]
    for _ in range(n.innerSteps):
        w = jax.tree.map(lambda a, d: a - n.innerRate * d, w, jax.grad(support_loss)(w))
    return w


def by_length(batch):
    """Tasks in order of support length, and all lengths."""
    lengths = np.diff(batch["offsets"])
    return np.argsort(lengths, kind="stable"), lengths


def padded(batch, tasks, lengths, longest, shrink):
    """The support of `tasks` as [tasks, longest, …]: items, labels, weights. Padding repeats a support row of the batch, at
    weight 0, so that it touches no other row of the table."""
    places = np.arange(longest)
    own = lengths[tasks][:, None]
    rows = np.minimum(batch["offsets"][tasks][:, None] + places, len(batch["supportItems"]) - 1)
    weights = np.where(places < own, np.float32(1) / (own + np.float32(shrink)), np.float32(0)).astype(np.float32)
    return batch["supportItems"][rows], batch["supportLabels"][rows], weights
