"""Processor time of adapting and scoring a bundle by limaml_bundle.py alone and by the scripts on Spark, as one line of JSON.

    python spark_rates.py --bundle DIR --work DIR --spark ROOT/spark

Needs onnxruntime, pyarrow; pyspark and Java for Spark, whose figures are null without. Every job is run twice and the second run counts: what
starting and compiling take is paid once a cluster.
"""
import argparse
import importlib.util
import json
import os
import shutil
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

parser = argparse.ArgumentParser()
for name in ("bundle", "work", "spark"):
    parser.add_argument(f"--{name}", required=True)
options = parser.parse_args()
sys.path.insert(0, options.spark)

from limaml_bundle import SideTable, open_bundle  # noqa: E402

TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def tree_seconds() -> float:
    """Processor time so far of this process and all below it, those that ended among them (Linux)."""
    stats = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # It ended meanwhile.
        stats[int(path.parent.name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    mine = {os.getpid()}
    while True:
        more = {pid for pid, (parent, _) in stats.items() if parent in mine} - mine
        if not more:
            return sum(stats[pid][1] for pid in mine if pid in stats) / TICK
        mine |= more


def columns(file: str) -> dict:
    return pq.read_table(f"{options.bundle}/{file}.parquet").to_pydict()


bundle = open_bundle(options.bundle)
support = columns("support")
tables = {side: SideTable.of(side, columns(file)) for side, file in (("entity", "entities"), ("item", "items"))}
rows = {name: support[name] for name in support if name not in ("place", "label", "timestamp_ms")}
count = len(support["entity"])
found = bundle.adapt(support, tables)
vectors = dict(zip(found.entity, found.vector))
before = time.process_time()
bundle.adapt(support, tables)
adapted = time.process_time()
bundle.score(rows, vectors, tables)
measured = {"adapt": adapted - before, "score": time.process_time() - adapted}
result = {"members": len(found.entity), "rows": count, "module": measured, "spark": None}

if importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[1]")
    for key, value in {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.sql.shuffle.partitions": "4"}.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    import adapt
    import score

    # Imported here and not run as programs: workers must find them, too.
    for script in ("adapt.py", "score.py"):
        spark.sparkContext.addPyFile(f"{options.spark}/{script}")
    pq.write_table(pa.table(rows), f"{options.work}/rows.parquet")
    jobs = {
        "adapt": (adapt, ["--events", f"{options.bundle}/support.parquet"]),
        "score": (score, ["--rows", f"{options.work}/rows.parquet", "--lookup"]),
    }
    result["spark"] = {}
    for name, (script, args) in jobs.items():
        for turn in (1, 2):
            start = tree_seconds()
            script.main(["--bundle", options.bundle, "--out", f"{options.work}/{name}-{turn}", *args])
            result["spark"][name] = tree_seconds() - start
    spark.stop()
print("\n" + json.dumps(result))
