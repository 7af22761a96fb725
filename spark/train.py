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

from limaml_spark.session import session
from limaml_spark.training.tensors import write_tensors
from limaml_spark.training.work import by_gloo, work


def main(args: list[str]) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--training", required=True, help="folder that limaml export --training wrote, where every worker can read it"
    )
    parser.add_argument("--out", required=True, help="folder for trained.safetensors and result.json")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--exchange", choices=["barrier", "gloo"], default="barrier")
    parser.add_argument("--master", help="Spark master; spark-submit gives it otherwise")
    options = parser.parse_args(args)
    spark = session("train", options.master)
    folder, workers, way = str(Path(options.training).resolve()), options.workers, options.exchange

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
    recorded = [step["loss"] for step in json.loads((Path(folder) / "training.json").read_text())["steps"]]
    largest = max(abs(a - b) for a, b in zip(first["losses"], recorded))
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
    main(sys.argv[1:])
