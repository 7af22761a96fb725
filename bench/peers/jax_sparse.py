"""JAX on the sparse training workload: jit(vmap(grad)) on pieces of tasks of like support length, then Adam, the table's
rows included, with donated weights, table and moments.

Tried, as times of this one on 1 / 2 threads: everything in one program (2 / 2: XLA then copies the 64 MB table, which
is read and updated in it); that without sorting, padded to the longest (2.5 / 2.7). Pieces side by side: 2 pieces
(1.0 / 1.15), 8 (1.0 / 1.0), 16 (1.0 / 1.15).
"""
import jax_common as common
from serve import arguments, serve

args = arguments()
common.set_up(args.threads)

import jax
import jax.numpy as jnp

from jax_rows import adam, new_table, update_rows
from jax_sparse_blocks import adapted, by_length, cross_entropy, embedding, fixed_part, logits_of, padded, split_global
from piece_pool import piece_pool
from workload import DENSE_NAMES, read_workload

# Tasks are sorted by support length and cut in quarters; each is padded to a length of its own, so that the same
# programs serve every batch. A batch that does not fit (1 in 3,000) takes others, padded to the longest.
LENGTHS = (40, 64, 88, 100)
ROW_NAMES = ("entities", "supportItems", "queryItems")

work = read_workload(args.folder)
n = work.n


@jax.jit
def piece_gradient(p, table, piece):
    """(loss, gradients by the weights and by the embeddings of the piece's rows); loss is the mean over the piece."""

    def task(p, m, r, q, labels, weights, y):
        shared = split_global(p, n)
        e = embedding(m, adapted(p, n, m, r, labels, weights))
        return cross_entropy(logits_of(e, fixed_part(m, q, shared), shared), y).mean()

    def loss_of(p, embedded):
        rest = (piece[name] for name in ("labels", "weights", "queryLabels"))
        return jax.vmap(task, in_axes=(None, 0, 0, 0, 0, 0, 0))(p, *embedded, *rest).mean()

    embedded = [table[piece[name]].reshape(*piece[name].shape[:-1], -1) for name in ROW_NAMES]
    return jax.value_and_grad(loss_of, argnums=(0, 1))(p, embedded)


def adam_step(p, m, v, t, table, pieces, results):
    t = t + 1
    losses, gradients = zip(*results)
    dense, of_rows = zip(*gradients)
    mean = jax.tree.map(lambda *of_pieces: sum(of_pieces) / len(pieces), *dense)
    moved = [adam(*arrays, t, n) for arrays in zip(p, m, v, mean)]
    ids = [piece[name].reshape(-1) for piece in pieces for name in ROW_NAMES]
    row_gradients = [rows.reshape(-1, n.dims) for of_piece in of_rows for rows in of_piece]
    table = update_rows(table, jnp.concatenate(ids), jnp.concatenate(row_gradients) / len(pieces), t, n)
    return *(tuple(arrays) for arrays in zip(*moved)), t, table, sum(losses) / len(pieces)


def laid_out(batch):
    order, lengths = by_length(batch)
    quarters = order.reshape(len(LENGTHS), -1)
    fits = all(lengths[tasks[-1]] <= longest for tasks, longest in zip(quarters, LENGTHS))
    pieces = []
    for tasks, longest in zip(quarters, LENGTHS if fits else (n.maxSupport,) * len(LENGTHS)):
        items, labels, weights = padded(batch, tasks, lengths, longest, n.shrink)
        per_task = {name: batch[name][tasks] for name in ("entities", "queryItems", "queryLabels")}
        pieces.append({**per_task, "supportItems": items, "labels": labels, "weights": weights})
    return pieces


update = jax.jit(adam_step, donate_argnums=(0, 1, 2, 4))
run_pieces = piece_pool(args.threads)
parameters = tuple(jnp.asarray(work.arrays[name]) for name in DENSE_NAMES)
zeros = lambda: jax.tree.map(jnp.zeros_like, parameters)
state = (parameters, zeros(), zeros(), jnp.float32(0), new_table(jnp.asarray(work.arrays["table"])))


def step(i):
    global state
    p, table = state[0], state[4][0]
    pieces = laid_out(work.batches[i % len(work.batches)])
    results = run_pieces(lambda piece: jax.block_until_ready(piece_gradient(p, table, piece)), pieces)
    *state, loss = update(*state, pieces, results)
    return float(loss)


serve(args, "jax", jax.__version__, work.setting, step, lambda: [step(i) for i in range(20)], common.gflops)
