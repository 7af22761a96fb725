"""The two models of the end-to-end benchmark in PyTorch, as one would write them: wide & deep, and LiMAML with fast weights by autograd.

Tables are nn.Embedding(sparse=True) under SparseAdam, fields one after the other in one table; the rest is under a fused Adam.
"""
import torch
import torch.nn.functional as F
from torch import nn

SIZE, BUCKETS = 16, 1_000_000


class Tables(nn.Module):
    """Embeddings [rows, fields × width] of categories [rows, fields]."""

    def __init__(self, sizes, width, scale=0.1):
        super().__init__()
        self.starts = torch.tensor([0, *sizes])[:-1].cumsum(0)
        self.table = nn.Embedding(sum(sizes), width, sparse=True)
        nn.init.normal_(self.table.weight, std=scale)

    def forward(self, categories):
        return self.table(categories + self.starts).flatten(-2)


class WideDeep(nn.Module):
    def __init__(self, log, hidden, dropout):
        super().__init__()
        self.dropout = dropout
        s = log.sizes
        sizes = [*s.ids, *s.member, *s.item]
        self.item_sizes = torch.tensor(s.item)
        self.deep = Tables(sizes, SIZE)
        self.tags = nn.Parameter(0.1 * torch.randn(log.tags.shape[1], SIZE))
        width = (len(sizes) + 1) * SIZE + log.numbers.shape[1]
        layers = [part for rows, columns in zip([width, *hidden], hidden) for part in (nn.Linear(rows, columns), nn.ReLU())]
        self.mlp = nn.Sequential(*layers, nn.Linear(hidden[-1], 1))
        self.wide = Tables(sizes, 1, 0)
        self.crosses = Tables([min(BUCKETS, s.ids[0] * size) for size in s.item], 1, 0)
        self.cross_sizes = torch.tensor([min(BUCKETS, s.ids[0] * size) for size in s.item])
        self.linear = nn.Linear(log.tags.shape[1] + log.numbers.shape[1], 1)

    def forward(self, ids, member, item, tags, numbers):
        if self.training:
            ids = ids * (torch.rand(ids.shape) >= 0.01)
        fields = torch.cat([ids, member, item], 1)
        x = F.dropout(torch.cat([self.deep(fields), tags @ self.tags, numbers], 1), self.dropout, self.training)
        crossed = (ids[:, :1] * self.item_sizes + item) % self.cross_sizes
        wide = self.wide(fields).sum(1) + self.crosses(crossed).sum(1) + self.linear(torch.cat([tags, numbers], 1))[:, 0]
        return self.mlp(x)[:, 0] + wide


class Limaml(nn.Module):
    """A meta block from the member's features to a vector, moved by gradient steps on support rows, and a global block."""

    def __init__(self, log, dropout, steps=3, rate=1.5, shrinkage=20, vector=32, hidden=64):
        super().__init__()
        s, self.dropout = log.sizes, dropout
        self.steps, self.shrinkage = steps, shrinkage
        self.member, self.item = Tables(s.member, SIZE), Tables([s.ids[1], *s.item], SIZE)
        self.tags = nn.Parameter(0.1 * torch.randn(log.tags.shape[1], SIZE))
        of_member = len(s.member) * SIZE
        of_row = (len(s.item) + 2) * SIZE + log.numbers.shape[1]
        weight = lambda rows, columns: nn.Parameter(torch.randn(rows, columns) * (2 / rows) ** 0.5)
        zero = lambda columns: nn.Parameter(torch.zeros(1, columns))
        self.meta = nn.ParameterList([weight(of_member, hidden), zero(hidden), weight(hidden, vector), zero(vector)])
        self.by_vector, self.by_row, self.by_both = weight(vector, hidden), weight(of_row, hidden), weight(vector, hidden)
        self.projection, self.bias = weight(of_row, vector), zero(hidden)
        self.last, self.last_bias = weight(hidden, 1), zero(1)
        self.rate = nn.Parameter(torch.tensor(rate))

    def rows(self, item_id, item, tags, numbers):
        x = torch.cat([self.item(torch.cat([item_id, item], -1)), tags @ self.tags, numbers], -1)
        return F.dropout(x, self.dropout, self.training)

    def vector(self, m, fast):
        w1, b1, w2, b2 = fast
        return torch.relu(m @ w1 + b1) @ w2 + b2

    def logits(self, e, x):
        z = x @ self.by_row + e @ self.by_vector + (e * (x @ self.projection)) @ self.by_both + self.bias
        return (torch.relu(z) @ self.last + self.last_bias)[..., 0]

    def adapted(self, member, x, label, mask):
        """Vectors [tasks, 1, size] after the inner steps on rows x [tasks, support, width]."""
        m = self.member(member).unsqueeze(1)
        weight = mask / (mask.sum(1, keepdim=True) + self.shrinkage)
        fast = [p.expand(len(m), *p.shape) for p in self.meta]
        if not self.training:
            fast = [p.detach().requires_grad_() for p in fast]
        for _ in range(self.steps):
            losses = F.binary_cross_entropy_with_logits(self.logits(self.vector(m, fast), x), label, weight, reduction="sum")
            gradients = torch.autograd.grad(losses, fast, create_graph=self.training)
            fast = [p - self.rate * g for p, g in zip(fast, gradients)]
        return self.vector(m, fast)
