"""Prepares a raw log on a cluster, by the rules of `limaml prep`, into a folder that `limaml prep seal` makes a prepared data set of.

    limaml prep describe mine --data DATA > described.json
    spark-submit spark/prep.py --descriptor described.json --data DATA --out FOLDER
    limaml prep seal FOLDER

Paths are whatever Spark reads and writes. What this program does not do, it refuses by name before it reads a row (docs/spark.md).
"""

from __future__ import annotations

import argparse
import json
import sys

from pyspark.sql import SparkSession

from limaml_spark.prep.fault import PrepError
from limaml_spark.prep.prepare import prepare
from limaml_spark.prep.supported import require_supported
from limaml_spark.script import run_script


def write_text(spark: SparkSession, path: str, text: str) -> None:
    """By way of Hadoop, so that it lies beside the rows wherever they are."""
    place = spark._jvm.org.apache.hadoop.fs.Path(path)
    stream = place.getFileSystem(spark._jsc.hadoopConfiguration()).create(place, True)
    stream.write(bytearray(text, "utf-8"))
    stream.close()


def main(args: list[str]) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--descriptor", required=True, help="file of what `limaml prep describe` printed")
    parser.add_argument("--data", required=True, help="folder of the raw files, as Spark reads it")
    parser.add_argument("--out", required=True, help="folder to write, as Spark writes it")
    parser.add_argument("--master", help="Spark master; spark-submit gives it otherwise")
    options = parser.parse_args(args)
    with open(options.descriptor, encoding="utf-8") as file:
        descriptor = json.load(file)
    require_supported(descriptor)
    builder = SparkSession.builder.appName("limaml prep")
    spark = (builder if options.master is None else builder.master(options.master)).getOrCreate()
    out = options.out.rstrip("/")
    draft = prepare(spark, descriptor, options.data.rstrip("/"), out)
    # Last, so that what was not written to its end has none.
    write_text(spark, f"{out}/draft.json", json.dumps(draft, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(run_script(main, sys.argv[1:], PrepError, "DATA_BAD_ROWS"))
