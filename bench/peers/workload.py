"""Reads a workload folder: manifest.json and raw little-endian arrays (written by bench/workloads)."""
import json
import os
from types import SimpleNamespace

import numpy as np


def read_workload(folder):
    """The manifest with every array in place: setting, kind, n (numbers by name), arrays, batches."""
    with open(os.path.join(folder, "manifest.json")) as file:
        manifest = json.load(file)
    if manifest["format"] != 1:
        raise ValueError(f"workload format {manifest['format']}, expected 1")

    def read(entries):
        return {
            name: np.fromfile(os.path.join(folder, e["file"]), dtype=e["dtype"]).reshape(e["shape"])
            for name, e in entries.items()
        }

    return SimpleNamespace(
        setting=manifest["setting"],
        kind=manifest["kind"],
        n=SimpleNamespace(**manifest["numbers"]),
        arrays=read(manifest["arrays"]),
        batches=[read(batch) for batch in manifest["batches"]],
    )


DENSE_NAMES = ["W1", "b1", "W2", "b2", "V1", "c1", "V2", "c2"]
