"""PyTorch on the sparse workloads, all tasks at once: the inner gradient by autograd or written out by hand."""
import torch
import torch.nn.functional as F

from torch_sparse_setup import E, M, R, T, n, training


def batched_meta(m, w):
    """m [tasks, 1, M] through every task's own weights."""
    W1, b1, W2, b2 = w
    return torch.baddbmm(b2, torch.relu(torch.baddbmm(b1, m, W1)), W2)


def expanded(p):
    W1, b1, W2, b2 = p[:4]
    return [W1.expand(T, -1, -1), b1.expand(T, 1, -1), W2.expand(T, -1, -1), b2.expand(T, 1, -1)]


def autograd_adapt(batch, p, entity, support):
    """Rows stay flat, nothing is padded; V1 is split so that what the inner steps do not change is computed once."""
    V1, c1, V2, c2 = p[4:]
    Ve, Vm, Vr = V1.split([E, M, R])
    m = entity.view(T, 1, M)
    tasks = torch.repeat_interleave(batch["lengths"])
    weights = (1 / (batch["lengths"] + n.shrink))[tasks]
    fixed = torch.addmm(torch.addmm(c1, m.squeeze(1), Vm).index_select(0, tasks), support, Vr)
    w = expanded(p)
    for _ in range(n.innerSteps):
        z = torch.relu(fixed + (batched_meta(m, w).squeeze(1) @ Ve).index_select(0, tasks))
        logits = torch.addmv(c2, z, V2.squeeze(-1))
        inner = F.binary_cross_entropy_with_logits(logits, batch["supportLabels"], weights, reduction="sum")
        gradients = torch.autograd.grad(inner, w, create_graph=training)
        w = [a - n.innerRate * d for a, d in zip(w, gradients)]
    return batched_meta(m, w)


def query_loss(batch, p, e, entity, query):
    V1, c1, V2, c2 = p[4:]
    Ve, Vm, Vr = V1.split([E, M, R])
    task_part = torch.addmm(torch.addmm(c1, entity.view(T, M), Vm), e.squeeze(1), Ve)
    z = torch.relu((query @ Vr).view(T, n.query, -1) + task_part.unsqueeze(1))
    logits = F.linear(z, V2.t(), c2).squeeze(-1)
    return F.binary_cross_entropy_with_logits(logits, batch["queryLabels"])


def autograd_loss(batch, p, entity, support, query):
    return query_loss(batch, p, autograd_adapt(batch, p, entity, support), entity, query)


def inner_parts(batch, p, m, support):
    """A function from e [tasks, E] to rate × the gradient of the inner loss by it, written out by hand: what the inner
    steps do not change is computed once, and a task's rows are summed before their gradient passes through V1."""
    V1, c1, V2, c2 = p[4:]
    Ve, Vm, Vr = V1.split([E, M, R])
    lengths = batch["lengths"]
    tasks = torch.repeat_interleave(lengths)
    scale = (n.innerRate / (lengths + n.shrink))[tasks]
    fixed = torch.addmm(torch.addmm(c1, m, Vm).index_select(0, tasks), support, Vr)
    v2 = V2.squeeze(-1)

    def gradient_of(e):
        z = torch.relu(fixed + (e @ Ve).index_select(0, tasks))
        d = (torch.sigmoid(torch.addmv(c2, z, v2)) - batch["supportLabels"]) * scale
        return z.new_zeros(T, z.shape[1]).index_add(0, tasks, (d.unsqueeze(1) * v2) * (z > 0)) @ Ve.t()

    return gradient_of


def manual_adapt(batch, p, entity, support):
    """Rows stay flat, nothing is padded; every task has weights of its own."""
    W1, b1, W2, b2 = p[:4]
    m = entity.view(T, M)
    m_columns = m.unsqueeze(2)
    gradient_of = inner_parts(batch, p, m, support)
    w = None
    for _ in range(n.innerSteps):
        if w is None:
            h = torch.relu(torch.addmm(b1, m, W1))
            e = torch.addmm(b2, h, W2)
        else:
            h = torch.relu(torch.baddbmm(w[1], m.unsqueeze(1), w[0])).squeeze(1)
            e = torch.baddbmm(w[3], h.unsqueeze(1), w[2]).squeeze(1)
        de = gradient_of(e)
        dh = (de @ W2.t() if w is None else torch.bmm(w[2], de.unsqueeze(2)).squeeze(2)) * (h > 0)
        before = (W1, b1, W2, b2) if w is None else w
        w = [
            torch.baddbmm(before[0].expand(T, -1, -1), m_columns, dh.unsqueeze(1), alpha=-1),
            before[1] - dh.unsqueeze(1),
            torch.baddbmm(before[2].expand(T, -1, -1), h.unsqueeze(2), de.unsqueeze(1), alpha=-1),
            before[3] - de.unsqueeze(1),
        ]
    return batched_meta(m.unsqueeze(1), w)


def manual_loss(batch, p, entity, support, query):
    return query_loss(batch, p, manual_adapt(batch, p, entity, support), entity, query)
