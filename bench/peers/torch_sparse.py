"""PyTorch on the sparse training and adapting workloads: variants autograd, manual, func, compile, loop."""
import torch
import torch.nn.functional as F
from torch.func import grad, vmap

import torch_common as common
from serve import arguments, serve
from torch_rows import TableRows
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


def cross_entropy(logits, labels):
    return F.softplus(logits) - labels * logits


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


def batched_meta(m, w):
    """m [tasks, 1, M] through every task's own weights."""
    W1, b1, W2, b2 = w
    return torch.baddbmm(b2, torch.relu(torch.baddbmm(b1, m, W1)), W2)


def global_block(e, m, r, V1, c1, V2, c2):
    joined = torch.cat([e.expand(-1, r.shape[1], -1), m.expand(-1, r.shape[1], -1), r], -1)
    return F.linear(torch.relu(F.linear(joined, V1.t(), c1)), V2.t(), c2).squeeze(-1)


def expanded(p):
    W1, b1, W2, b2 = p[:4]
    return [W1.expand(T, -1, -1), b1.expand(T, 1, -1), W2.expand(T, -1, -1), b2.expand(T, 1, -1)]


def autograd_adapt(batch, p, entity, support):
    m = entity.view(T, 1, M)
    rows, labels, weights = padded(batch, support)
    w = expanded(p)
    for _ in range(n.innerSteps):
        logits = global_block(batched_meta(m, w), m, rows, *p[4:])
        inner = F.binary_cross_entropy_with_logits(logits, labels, weights, reduction="sum")
        gradients = torch.autograd.grad(inner, w, create_graph=training)
        w = [a - n.innerRate * d for a, d in zip(w, gradients)]
    return batched_meta(m, w)


def autograd_loss(batch, p, entity, support, query):
    e = autograd_adapt(batch, p, entity, support)
    logits = global_block(e, entity.view(T, 1, M), query.view(T, n.query, R), *p[4:])
    return F.binary_cross_entropy_with_logits(logits, batch["queryLabels"])


def manual_adapt(batch, p, entity, support):
    """Rows stay flat, nothing is padded; what the inner steps do not change is computed once; the gradient by e is
    summed over a task's rows before it passes through V1; inner gradient by hand."""
    W1, b1, W2, b2, V1, c1, V2, c2 = p
    Ve, Vm, Vr = V1.split([E, M, R])
    m = entity.view(T, M)
    m_columns = m.unsqueeze(2)
    lengths = torch.diff(batch["offsets"]).long()
    tasks = torch.repeat_interleave(lengths)
    scale = (n.innerRate / (lengths + n.shrink))[tasks]
    fixed = torch.addmm(torch.addmm(c1, m, Vm).index_select(0, tasks), support, Vr)
    v2 = V2.squeeze(-1)
    w = None
    for _ in range(n.innerSteps):
        if w is None:
            h = torch.relu(torch.addmm(b1, m, W1))
            e = torch.addmm(b2, h, W2)
        else:
            h = torch.relu(torch.baddbmm(w[1], m.unsqueeze(1), w[0])).squeeze(1)
            e = torch.baddbmm(w[3], h.unsqueeze(1), w[2]).squeeze(1)
        z = torch.relu(fixed + (e @ Ve).index_select(0, tasks))
        d = (torch.sigmoid(torch.addmv(c2, z, v2)) - batch["supportLabels"]) * scale
        dz = torch.zeros(T, z.shape[1]).index_add(0, tasks, (d.unsqueeze(1) * v2) * (z > 0))
        de = dz @ Ve.t()
        dh = (de @ W2.t() if w is None else torch.bmm(w[2], de.unsqueeze(2)).squeeze(2)) * (h > 0)
        before = (W1, b1, W2, b2) if w is None else w
        w = [
            before[0] - m_columns * dh.unsqueeze(1),
            before[1] - dh.unsqueeze(1),
            before[2] - h.unsqueeze(2) * de.unsqueeze(1),
            before[3] - de.unsqueeze(1),
        ]
    return batched_meta(m.unsqueeze(1), w)


def manual_loss(batch, p, entity, support, query):
    V1, c1, V2, c2 = p[4:]
    Ve, Vm, Vr = V1.split([E, M, R])
    e = manual_adapt(batch, p, entity, support).squeeze(1)
    task_part = torch.addmm(torch.addmm(c1, entity.view(T, M), Vm), e, Ve)
    z = torch.relu((query @ Vr).view(T, n.query, -1) + task_part.unsqueeze(1))
    logits = F.linear(z, V2.t(), c2).squeeze(-1)
    return F.binary_cross_entropy_with_logits(logits, batch["queryLabels"])


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


def loop_adapt_one(batch, p, m, support, t):
    first, last = int(batch["offsets"][t]), int(batch["offsets"][t + 1])
    w = [a.clone() for a in p[:4]] if training else list(p[:4])
    rows, labels = support[first:last], batch["supportLabels"][first:last]
    for _ in range(n.innerSteps if last > first else 0):
        logits = one_task_logits(m, rows, w, p[4:])
        inner = F.binary_cross_entropy_with_logits(logits, labels, reduction="sum") / (last - first + n.shrink)
        w = [a - n.innerRate * d for a, d in zip(w, torch.autograd.grad(inner, w, create_graph=training))]
    return w


def loop_adapt(batch, p, entity, support):
    m = entity.view(T, M)
    return torch.stack([one_task_embedding(m[t], loop_adapt_one(batch, p, m[t], support, t)) for t in range(T)])


def loop_loss(batch, p, entity, support, query):
    m, q = entity.view(T, M), query.view(T, n.query, R)
    total = 0.0
    for t in range(T):
        logits = one_task_logits(m[t], q[t], loop_adapt_one(batch, p, m[t], support, t), p[4:])
        total = total + F.binary_cross_entropy_with_logits(logits, batch["queryLabels"][t])
    return total / T


losses = {"autograd": autograd_loss, "manual": manual_loss, "func": functional_loss, "loop": loop_loss}
adapts = {"autograd": autograd_adapt, "manual": manual_adapt, "func": functional_adapt, "loop": loop_adapt}
if args.variant == "compile":
    losses["compile"] = torch.compile(manual_loss, dynamic=True)
    adapts["compile"] = torch.compile(manual_adapt, dynamic=True)


def parts(batch, embedded):
    """[positions, 16] back into entity, support and query features."""
    rows = int(batch["offsets"][-1])
    entity, support, query = embedded.split([T * n.entityFeatures, rows * n.itemFeatures, len(embedded) - T * n.entityFeatures - rows * n.itemFeatures])
    return entity.view(T, M), support.view(rows, R), query.view(-1, R)


def train():
    loss_of = losses[args.variant]
    optimiser = common.adam(parameters, n)
    rows = TableRows(table, n)

    def step(i):
        batch = batches[i % len(batches)]
        ids = torch.cat([batch[name].view(-1) for name in ("entities", "supportItems", "queryItems")]).long()
        embedded = rows.gather(ids)
        optimiser.zero_grad(set_to_none=True)
        loss = loss_of(batch, parameters, *parts(batch, embedded))
        loss.backward()
        optimiser.step()
        rows.update(ids, embedded.grad)
        return loss.item()

    return step, common.first_losses(step)


def adapt():
    adapt_of = adapts[args.variant]
    p = [a.detach() for a in parameters]
    # torch.autograd needs leaves to differentiate by; the other variants run without any graph.
    recorded = args.variant in ("autograd", "loop")
    if recorded:
        p = [a.requires_grad_() if i < 4 else a for i, a in enumerate(p)]

    def adapt_tile(tile):
        entity = table.index_select(0, tile["entities"].view(-1)).view(T, M)
        support = table.index_select(0, tile["supportItems"].view(-1)).view(-1, R)
        return adapt_of(tile, p, entity, support).detach().view(T, E)

    def step(i):
        with torch.set_grad_enabled(recorded):
            return torch.cat([adapt_tile(tile) for tile in tiles(batches[i % len(batches)], work.n.tasks)])

    return step, lambda: common.sampled(step(0))


step, checks = train() if training else adapt()
serve(args, f"torch-{args.variant}", torch.__version__, work.setting, step, checks, common.gflops)
