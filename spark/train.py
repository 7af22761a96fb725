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
import socket
import sys
from pathlib import Path
from typing import Any

from pyspark import BarrierTaskContext

from limaml_spark.fault import ScriptError
from limaml_spark.script import run_script
from limaml_spark.session import session
from limaml_spark.training.tensors import write_tensors
from limaml_spark.training.training import Training
from limaml_spark.training.work import by_gloo, work


LARGEST_DIFFERENCE = 1e-4
"""Of a loss from that of the single run, by sums in another order."""


def count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"a whole number from 1 on, not {text!r}")
    return int(text)


def main(args: list[str]) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--training", required=True, help="folder that limaml export --training wrote, where every worker can read it"
    )
    parser.add_argument("--out", required=True, help="folder for trained.safetensors and result.json")
    parser.add_argument("--workers", type=count, default=2)
    parser.add_argument("--exchange", choices=["barrier", "gloo"], default="barrier")
    parser.add_argument("--master", help="Spark master; spark-submit gives it otherwise")
    options = parser.parse_args(args)
    folder, workers, way = str(Path(options.training).resolve()), options.workers, options.exchange
    # Here first: Spark begins a barrier stage that failed anew, several times.
    training = Training(Path(folder))
    training.require_steps()
    spark = session("train", options.master)
    cores = spark.sparkContext.defaultParallelism
    # Of a cluster Spark finds out itself, when its executors have come.
    if spark.sparkContext.master.startswith("local[") and cores < workers:
        raise ScriptError("WORKERS_TOO_MANY", "--workers", f"{workers} workers at once need as many cores, and there are {cores}.")

    def part(_: Any) -> Any:
        context = BarrierTaskContext.get()
        rank = context.partitionId()
        if way == "gloo":
            with socket.socket() as free:
                free.bind(("", 0))
                port = free.getsockname()[1]
            ports = context.allGather(str(port))
            host = context.getTaskInfos()[0].address.split(":")[0]
            exchange = by_gloo(rank, workers, host, int(ports[0]))
        else:
            exchange = lambda data: [base64.b64decode(text) for text in context.allGather(base64.b64encode(data).decode())]
        yield work(folder, rank, workers, exchange)

    found = spark.sparkContext.parallelize(range(workers), workers).barrier().mapPartitions(part).collect()
    first = next(one for one in found if one["numbers"] is not None)
    recorded = [step["loss"] for step in training.about["steps"]]
    largest = max(abs(a - b) for a, b in zip(first["losses"], recorded))
    if not largest <= LARGEST_DIFFERENCE:
        what = f"Losses differ from the single run's by {largest:.2e}, so the numbers are not written: export the training again."
        raise ScriptError("LOSSES_DIFFER", folder, what)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    write_tensors(out / "trained.safetensors", first["numbers"])
    result = {
        "workers": workers,
        "exchange": way,
        "steps": len(recorded),
        "largestDifference": largest,
        **{key: first[key] for key in ("losses", "workMs", "exchangeMs", "leastExchangeMs", "bytes")},
    }
    (out / "result.json").write_text(json.dumps(result, indent=2) + "\n")
    print(
        f"{len(recorded)} steps on {workers} workers; losses differ from the single run's by {largest:.2e} at most; a step: {first['workMs']:.1f} ms of work, {first['exchangeMs']:.1f} ms of exchange ({way}, {first['bytes']} bytes a worker)"
    )


if __name__ == "__main__":
    sys.exit(run_script(main, sys.argv[1:], ScriptError, "TRAINING_DAMAGED"))
