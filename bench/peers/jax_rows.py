"""Embedding rows of a batch in JAX: lazy Adam on the rows that occur."""
import jax.numpy as jnp


def adam(a, m, v, g, t, n):
    """A moved array with its moments; t counts the steps from 1."""
    m = n.beta1 * m + (1 - n.beta1) * g
    v = n.beta2 * v + (1 - n.beta2) * g * g
    return a - n.outerRate * (m / (1 - n.beta1**t)) / (jnp.sqrt(v / (1 - n.beta2**t)) + n.epsilon), m, v


def new_table(rows):
    """A table with its moments and scratch: for every row, some position of the batch that holds it."""
    return rows, jnp.zeros_like(rows), jnp.zeros_like(rows), jnp.zeros(len(rows), jnp.int32)


def update_rows(table, ids, gradient, t, n):
    """ids [positions], gradient [positions, dims]. The gradients of an id are summed at one of its positions, found in
    linear time where jnp.unique sorts: the position that is left in `slot` after all have written there."""
    rows, m, v, slot = table
    positions = jnp.arange(len(ids), dtype=jnp.int32)
    slot = slot.at[ids].set(positions)
    holder = slot[ids]
    summed = jnp.zeros_like(gradient).at[holder].add(gradient)
    moved = adam(rows[ids], m[ids], v[ids], summed, t, n)
    # Every other position of the same id writes outside the table, which drops it.
    place = jnp.where(holder == positions, ids, len(rows))
    return *(old.at[place].set(new, mode="drop") for old, new in zip((rows, m, v), moved)), slot
