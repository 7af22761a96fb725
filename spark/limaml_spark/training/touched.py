"""Gradients of a table by the rows that were touched."""

from __future__ import annotations

import numpy as np


class Table:
    """Gradients of a table by the rows that were touched."""

    def __init__(self) -> None:
        self.rows: list[np.ndarray] = []
        self.values: list[np.ndarray] = []

    def add(self, rows: np.ndarray, values: np.ndarray) -> None:
        self.rows.append(rows)
        self.values.append(values)

    def summed(self, dim: int) -> tuple[np.ndarray, np.ndarray]:
        if not self.rows:
            return np.empty(0, np.int64), np.empty((0, dim), np.float32)
        rows, inverse = np.unique(np.concatenate(self.rows), return_inverse=True)
        total = np.zeros((len(rows), dim), np.float64)
        np.add.at(total, inverse.ravel(), np.concatenate(self.values))
        return rows.astype(np.int64), total.astype(np.float32)
