"""The optimisers' rules, as training has them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..json import Json


SLOTS = {"adam": 2, "ftrl": 2, "adagrad": 1, "sgd": 0}
"""Arrays that a rule keeps beside the numbers."""


def moved(
    values: np.ndarray, slots: list[np.ndarray], at: Any, gradient: np.ndarray, options: Json, subject: str, taken: int
) -> None:
    """Moves rows of `values` (and what the rule keeps of them) in place. `subject`: table, weights or plain; only plain has no decay."""
    rule, rate, l2 = options["name"], options["learningRate"], options["weightDecay"]
    w = values[at].astype(np.float64)
    g = gradient + (0 if subject == "plain" or rule == "ftrl" else l2 * w)
    if rule == "adam":
        root2 = math.sqrt(1 - 0.999**taken)
        m, v = 0.9 * slots[0][at] + 0.1 * g, 0.999 * slots[1][at] + 0.001 * g * g
        slots[0][at], slots[1][at] = m, v
        w -= rate * root2 / (1 - 0.9**taken) * m / (np.sqrt(v) + 1e-8 * root2)
    elif rule == "adagrad":
        slots[0][at] += g * g
        w -= rate * g / np.sqrt(slots[0][at] + 0.1)
    elif rule == "ftrl":
        z, n = slots[0][at].astype(np.float64), slots[1][at].astype(np.float64)
        z += g - (np.sqrt(n + g * g) - np.sqrt(n)) / rate * w
        n += g * g
        slots[0][at], slots[1][at] = z, n
        w = np.where(np.abs(z) <= options["l1"], 0, -(z - np.sign(z) * options["l1"]) / ((1 + np.sqrt(n)) / rate + l2))
    else:
        w -= rate * g
    values[at] = w
