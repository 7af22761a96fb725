"""JAX on rows of categorical features: gradient and Adam in one program, the rows that occur in the batch included, with donated
weights, table and moments. All tables lie in one, each field's rows after the last's.

Not tried: gradient and update as two programs, which the 64 MB table of workload b needs, where XLA copies it otherwise; here it is
not copied, since the rows are read once before they are written.
"""
import jax_common as common
from serve import arguments, serve

args = arguments()
common.set_up(args.threads)

import jax
import jax.numpy as jnp
import numpy as np

from jax_rows import adam, new_table, update_rows
from workload import read_workload

work = read_workload(args.folder)
n = work.n
sizes = [len(work.arrays[f"table{f}"]) for f in range(n.fields)]
starts = np.cumsum([0, *sizes[:-1]], dtype=np.int32)
ids = work.batches[0]["indices"].astype(np.int32) + starts
labels, order = work.batches[0]["labels"], work.batches[0]["order"]
batches = n.rows // n.batchRows


def loss_of(p, x, y):
    V1, c1, V2, c2, V3, c3 = p
    h = jax.nn.relu(x @ V1 + c1)
    z = (jax.nn.relu(h @ V2 + c2) @ V3 + c3)[:, 0]
    return (jax.nn.softplus(z) - y * z).mean()


def train(p, m, v, t, table, rows, y):
    t = t + 1
    x = table[0][rows].reshape(len(y), -1)
    loss, (of_p, of_x) = jax.value_and_grad(loss_of, argnums=(0, 1))(p, x, y)
    moved = [adam(*arrays, t, n) for arrays in zip(p, m, v, of_p)]
    table = update_rows(table, rows.reshape(-1), of_x.reshape(-1, n.dims), t, n)
    return *(tuple(arrays) for arrays in zip(*moved)), t, table, loss


update = jax.jit(train, donate_argnums=(0, 1, 2, 4))
parameters = tuple(jnp.asarray(work.arrays[name]) for name in ("V1", "c1", "V2", "c2", "V3", "c3"))
zeros = lambda: jax.tree.map(jnp.zeros_like, parameters)
table = new_table(jnp.concatenate([work.arrays[f"table{f}"] for f in range(n.fields)]))
state = (parameters, zeros(), zeros(), jnp.float32(0), table)
del table


def step(i):
    global state
    rows = order[i % batches * n.batchRows :][: n.batchRows]
    *state, loss = update(*state, ids[rows], labels[rows])
    return float(loss)


serve(args, "jax", jax.__version__, work.setting, step, lambda: [step(i) for i in range(20)], common.gflops)
