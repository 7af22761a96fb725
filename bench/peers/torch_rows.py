"""Embedding rows of a batch in PyTorch: gather, and lazy Adam on the rows that occur."""
import torch


class TableRows:
    """A table [rows, dims] with Adam's moments; only rows that occur in a batch are read or written."""

    def __init__(self, table, n):
        self.table = table
        self.n = n
        self.m = torch.zeros_like(table)
        self.v = torch.zeros_like(table)
        self.t = 0
        # Scratch: for every table row, some position of this batch that holds it. Finds the distinct rows in linear
        # time, where torch.unique sorts.
        self.slot = torch.zeros(len(table), dtype=torch.int64, device=table.device)

    def gather(self, ids):
        """The rows as a leaf that collects their gradient."""
        return self.table.index_select(0, ids).requires_grad_()

    def update(self, ids, gradient):
        n, positions = self.n, torch.arange(len(ids), device=ids.device)
        self.slot[ids] = positions
        holder = self.slot[ids]
        first = holder == positions
        place = torch.cumsum(first, 0) - 1
        distinct = ids[first]
        g = gradient.new_zeros(len(distinct), gradient.shape[1]).index_add_(0, place[holder], gradient)
        self.t += 1
        m = self.m.index_select(0, distinct).lerp_(g, 1 - n.beta1)
        v = self.v.index_select(0, distinct).mul_(n.beta2).addcmul_(g, g, value=1 - n.beta2)
        self.m.index_copy_(0, distinct, m)
        self.v.index_copy_(0, distinct, v)
        denominator = (v / (1 - n.beta2**self.t)).sqrt_().add_(n.epsilon)
        self.table.index_add_(0, distinct, m.div_(denominator), alpha=-n.outerRate / (1 - n.beta1**self.t))
