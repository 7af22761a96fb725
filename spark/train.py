"""Takes the outer steps of a training on several workers at once, synchronously, by the optimiser's own rule.

    limaml export latest --training 50 --out steps
    spark-submit spark/train.py --training steps --workers 2 --out trained

Each worker runs its share of a step's tiles through train.onnx and keeps all numbers; gradients are exchanged in Spark's barrier mode (`--exchange
barrier`, by way of the driver) or between the workers by torch.distributed (`--exchange gloo`, where torch is installed). Needs numpy and onnxruntime.
"""

from __future__ import annotations

import argparse
import base64
import json
import math
import os
import struct
import sys
import time
from pathlib import Path
from typing import Any, Callable

import numpy as np
import onnxruntime as ort

Arrays = dict[str, np.ndarray]
TYPES = {"F32": np.float32, "I32": np.int32, "I64": np.int64, "U8": np.uint8}


def read_tensors(path: Path) -> Arrays:
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    return {
        name: np.frombuffer(data[8 + length :], TYPES[entry["dtype"]], math.prod(entry["shape"]), entry["data_offsets"][0]).reshape(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__"
    }


def write_tensors(path: Path, arrays: Arrays) -> None:
    header, offset = {}, 0
    for name, array in arrays.items():
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header).encode()
    text = text.ljust(-(-len(text) // 8) * 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(array.tobytes() for array in arrays.values()))


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


class Training:
    """An exported training: its graph, its numbers, and the optimiser that moves them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.about: dict[str, Any] = json.loads((folder / "training.json").read_text())
        if (self.about["format"], self.about["version"]) != ("limaml-training", 1):
            raise SystemExit(f"{folder} is no training that this program reads: export it with limaml export --training.")
        self.numbers = {name: np.array(array) for name, array in read_tensors(folder / "state.safetensors").items()}
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = ort.InferenceSession(str(folder / "train.onnx"), options, providers=["CPUExecutionProvider"])
        self.slots: dict[str, list[np.ndarray]] = {}
        self.taken = 0

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
        loss, dense, tables = 0.0, {entry["name"]: np.zeros_like(self.numbers[entry["name"]]) for entry in self.about["parameters"]}, {entry["name"]: Table() for entry in self.about["tables"]}
        for place, tile in enumerate(step["tiles"]):
            if place % workers != rank:
                continue
            held = lambda name: tensors[f"{place}/{name}"]
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
        dense = {entry["name"]: sum(part[entry["name"]].astype(np.float64) for part in parts) for entry in self.about["parameters"]}
        norm = math.sqrt(sum(float((gradient**2).sum()) for gradient in dense.values()))
        scale = min(1.0, self.about["clip"] / norm) if norm > 0 else 1.0
        for entry in self.about["parameters"]:
            self._move(entry["name"], ..., dense[entry["name"]] * scale, entry["optimizer"], "weights" if entry["decay"] else "plain")
        for entry in self.about["tables"]:
            table = Table()
            for part in parts:
                table.add(part[f"{entry['name']}#rows"], part[f"{entry['name']}#values"])
            rows, values = table.summed(self.numbers[entry["name"]].shape[1])
            if len(rows):
                self._move(entry["name"], rows, values, entry["optimizer"], "table")

    def _move(self, name: str, at: Any, gradient: np.ndarray, key: str, subject: str) -> None:
        options = self.about["optimizers"][key]
        rule, rate, l2 = options["name"], options["learningRate"], options["weightDecay"]
        values = self.numbers[name]
        slots = self.slots.setdefault(name, [np.zeros_like(values) for _ in range({"adam": 2, "ftrl": 2, "adagrad": 1, "sgd": 0}[rule])])
        w = values[at].astype(np.float64)
        g = gradient + (0 if subject == "plain" or rule == "ftrl" else l2 * w)
        if rule == "adam":
            root2 = math.sqrt(1 - 0.999**self.taken)
            m, v = 0.9 * slots[0][at] + 0.1 * g, 0.999 * slots[1][at] + 0.001 * g * g
            slots[0][at], slots[1][at] = m, v
            w -= rate * root2 / (1 - 0.9**self.taken) * m / (np.sqrt(v) + 1e-8 * root2)
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


def pack(loss: float, arrays: Arrays) -> bytes:
    """What a worker says of a step."""
    body = b"".join(array.tobytes() for array in arrays.values())
    header = json.dumps([loss, [[name, array.dtype.str, list(array.shape)] for name, array in arrays.items()]]).encode()
    return struct.pack("<Q", len(header)) + header + body


def unpack(data: bytes) -> tuple[float, Arrays]:
    length = struct.unpack("<Q", data[:8])[0]
    loss, entries = json.loads(data[8 : 8 + length])
    arrays, at = {}, 8 + length
    for name, kind, shape in entries:
        arrays[name] = np.frombuffer(data, kind, math.prod(shape), at).reshape(shape)
        at += arrays[name].nbytes
    return loss, arrays


def by_gloo(rank: int, workers: int, host: str, port: int) -> Callable[[bytes], list[bytes]]:
    """Exchanges between the workers themselves."""
    import torch
    import torch.distributed as dist

    dist.init_process_group("gloo", init_method=f"tcp://{host}:{port}", rank=rank, world_size=workers)

    def exchange(data: bytes) -> list[bytes]:
        sizes = [torch.zeros(1, dtype=torch.int64) for _ in range(workers)]
        dist.all_gather(sizes, torch.tensor([len(data)]))
        most = max(int(size) for size in sizes)
        own = torch.zeros(most, dtype=torch.uint8)
        own[: len(data)] = torch.frombuffer(bytearray(data), dtype=torch.uint8)
        parts = [torch.zeros(most, dtype=torch.uint8) for _ in range(workers)]
        dist.all_gather(parts, own)
        return [part.numpy()[: int(size)].tobytes() for part, size in zip(parts, sizes)]

    return exchange


def work(folder: str, rank: int, workers: int, exchange: Callable[[bytes], list[bytes]]) -> dict[str, Any]:
    """All steps of one worker; what it says of them at the end."""
    training = Training(Path(folder))
    losses, waited, worked = [], [], []
    for step in training.about["steps"]:
        began = time.perf_counter()
        said = pack(*training.gradients(step, rank, workers))
        ready = time.perf_counter()
        parts = [unpack(part) for part in exchange(said)]
        waited.append(time.perf_counter() - ready)
        training.update([arrays for _, arrays in parts])
        losses.append(sum(loss for loss, _ in parts))
        worked.append(time.perf_counter() - began - waited[-1])
    middle = lambda times: sorted(times)[len(times) // 2] * 1000
    return {"losses": losses, "exchangeMs": middle(waited), "leastExchangeMs": min(waited) * 1000, "workMs": middle(worked), "bytes": len(said), "numbers": training.numbers if rank == 0 else None}


def main(args: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--training", required=True, help="folder that limaml export --training wrote, where every worker can read it")
    parser.add_argument("--out", required=True, help="folder for trained.safetensors and result.json")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--exchange", choices=["barrier", "gloo"], default="barrier")
    parser.add_argument("--master", help="Spark master; spark-submit gives it otherwise")
    options = parser.parse_args(args)
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("limaml train")
    spark = (builder if options.master is None else builder.master(options.master)).getOrCreate()
    spark.sparkContext.addPyFile(str(Path(__file__).resolve()))
    folder, workers, way = str(Path(options.training).resolve()), options.workers, options.exchange

    def part(_: Any) -> Any:
        import train as own
        from pyspark import BarrierTaskContext

        context = BarrierTaskContext.get()
        rank = context.partitionId()
        if way == "gloo":
            import socket

            with socket.socket() as free:
                free.bind(("", 0))
                port = free.getsockname()[1]
            ports = context.allGather(str(port))
            host = context.getTaskInfos()[0].address.split(":")[0]
            exchange = own.by_gloo(rank, workers, host, int(ports[0]))
        else:
            exchange = lambda data: [base64.b64decode(text) for text in context.allGather(base64.b64encode(data).decode())]
        yield own.work(folder, rank, workers, exchange)

    found = spark.sparkContext.parallelize(range(workers), workers).barrier().mapPartitions(part).collect()
    first = next(one for one in found if one["numbers"] is not None)
    recorded = [step["loss"] for step in json.loads((Path(folder) / "training.json").read_text())["steps"]]
    largest = max(abs(a - b) for a, b in zip(first["losses"], recorded))
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    write_tensors(out / "trained.safetensors", first["numbers"])
    result = {"workers": workers, "exchange": way, "steps": len(recorded), "largestDifference": largest, **{key: first[key] for key in ("losses", "workMs", "exchangeMs", "leastExchangeMs", "bytes")}}
    (out / "result.json").write_text(json.dumps(result, indent=2) + "\n")
    print(f"{len(recorded)} steps on {workers} workers; losses differ from the single run's by {largest:.2e} at most; a step: {first['workMs']:.1f} ms of work, {first['exchangeMs']:.1f} ms of exchange ({way}, {first['bytes']} bytes a worker)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
