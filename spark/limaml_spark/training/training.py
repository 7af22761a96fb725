"""An exported training: a worker's gradients of a step, and the step taken by those of all workers."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort

from .about import read_about
from .optimizer import SLOTS, moved
from .tensors import Arrays, damaged, read_tensors
from .touched import Table


class Training:
    """An exported training: its graph, its numbers, and the optimiser that moves them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.about = read_about(folder)
        self.numbers = {name: np.array(array) for name, array in read_tensors(folder / "state.safetensors").items()}
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        graph = folder / "train.onnx"
        try:
            self.session = ort.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # of no common type in ONNX Runtime
            raise damaged(graph, error) from error
        self.slots: dict[str, list[np.ndarray]] = {}
        self.taken = 0

    def require_steps(self) -> None:
        """Raises TRAINING_DAMAGED for the first step whose file is damaged."""
        for step in self.about["steps"]:
            read_tensors(self.folder / step["file"])

    def run(self, tile: dict[str, Any], held: Callable[[str], np.ndarray]) -> dict[str, np.ndarray]:
        feeds = {name: held(name) for name in tile["tensors"]}
        for mask in tile["masks"]:
            feeds[mask["input"]] = held(mask["input"]).astype(np.float32) * np.float32(mask["scale"])
        for group in tile["groups"]:
            layout = self.about["groups"][group["group"]]
            rows = math.prod(group["leading"])
            encoded = np.zeros((rows, layout["width"]), np.float32)
            for n, (kind, field) in enumerate(zip(group["fields"], layout["fields"])):
                given, at = held(f"{group['input']}/{n}"), slice(field["offset"], field["offset"] + field["dim"])
                if kind == "numeric":
                    encoded[:, at] = given[:, None]
                elif kind == "categorical":
                    encoded[:, at] = np.where(given[:, None] < 0, 0, self.numbers[field["table"]][given])
                else:
                    offsets = held(f"{group['input']}/{n}/offsets")
                    counts = np.diff(offsets)
                    mean = np.zeros((rows, field["dim"]), np.float64)
                    np.add.at(mean, np.repeat(np.arange(rows), counts), self.numbers[field["table"]][given])
                    encoded[:, at] = mean / np.maximum(counts, 1)[:, None]
            feeds[group["input"]] = encoded.reshape(*group["leading"], layout["width"])
        names = [output.name for output in self.session.get_outputs()]
        fed = {name: feeds[name] if name in feeds else self.numbers[name] for name in self.about["inputs"]}
        return dict(zip(names, self.session.run(names, fed)))

    def gradients(self, step: dict[str, Any], rank: int, workers: int) -> tuple[float, Arrays]:
        """The loss of a worker's tiles, and their gradients: dense ones, and touched rows of tables with theirs."""
        tensors = read_tensors(self.folder / step["file"])
        loss, dense, tables = (
            0.0,
            {entry["name"]: np.zeros_like(self.numbers[entry["name"]]) for entry in self.about["parameters"]},
            {entry["name"]: Table() for entry in self.about["tables"]},
        )
        for place, tile in enumerate(step["tiles"]):
            if place % workers != rank:
                continue
            held = lambda name, place=place: tensors[f"{place}/{name}"]
            out = self.run(tile, held)
            loss += float(out["loss"].ravel()[0])
            for name, total in dense.items():
                total += out[f"d.{name}"]
            for group in tile["groups"]:
                layout = self.about["groups"][group["group"]]
                gradient = out[f"d.{group['input']}"].reshape(-1, layout["width"])
                for n, (kind, field) in enumerate(zip(group["fields"], layout["fields"])):
                    if kind == "numeric":
                        continue
                    given, values = held(f"{group['input']}/{n}"), gradient[:, field["offset"] : field["offset"] + field["dim"]]
                    if kind == "categorical":
                        tables[field["table"]].add(given[given >= 0], values[given >= 0])
                    else:
                        counts = np.diff(held(f"{group['input']}/{n}/offsets"))
                        tables[field["table"]].add(given, np.repeat(values / np.maximum(counts, 1)[:, None], counts, axis=0))
        arrays: Arrays = dict(dense)
        for name, table in tables.items():
            arrays[f"{name}#rows"], arrays[f"{name}#values"] = table.summed(self.numbers[name].shape[1])
        return loss, arrays

    def update(self, parts: list[Arrays]) -> None:
        """One step of the optimiser by the gradients of all workers."""
        self.taken += 1
        dense = {
            entry["name"]: sum(part[entry["name"]].astype(np.float64) for part in parts) for entry in self.about["parameters"]
        }
        norm = math.sqrt(sum(float((gradient**2).sum()) for gradient in dense.values()))
        scale = min(1.0, self.about["clip"] / norm) if norm > 0 else 1.0
        for entry in self.about["parameters"]:
            self._move(
                entry["name"], ..., dense[entry["name"]] * scale, entry["optimizer"], "weights" if entry["decay"] else "plain"
            )
        for entry in self.about["tables"]:
            table = Table()
            for part in parts:
                table.add(part[f"{entry['name']}#rows"], part[f"{entry['name']}#values"])
            rows, values = table.summed(self.numbers[entry["name"]].shape[1])
            if len(rows):
                self._move(entry["name"], rows, values, entry["optimizer"], "table")

    def _move(self, name: str, at: Any, gradient: np.ndarray, key: str, subject: str) -> None:
        options, values = self.about["optimizers"][key], self.numbers[name]
        slots = self.slots.setdefault(name, [np.zeros_like(values) for _ in range(SLOTS[options["name"]])])
        moved(values, slots, at, gradient, options, subject, self.taken)
