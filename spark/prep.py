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
from typing import Any

from pyspark.sql import SparkSession

from limaml_spark.fault import ScriptError
from limaml_spark.json import Json
from limaml_spark.prep.prepare import prepare
from limaml_spark.prep.supported import require_supported
from limaml_spark.script import run_script
from limaml_spark.session import session

PARTS = {"events", "columns", "features", "tables", "split", "duplicates"}
"""What `limaml prep describe` always prints."""


def read_descriptor(path: str) -> Json:
    try:
        with open(path, encoding="utf-8") as file:
            descriptor = json.load(file)
    except FileNotFoundError:
        raise ScriptError("DESCRIPTOR_MISSING", path, "There is no such file. limaml prep describe writes one.") from None
    except ValueError:
        descriptor = None
    if not isinstance(descriptor, dict) or not PARTS <= descriptor.keys():
        raise ScriptError("DESCRIPTOR_INVALID", path, "This is not what limaml prep describe prints.")
    return descriptor


def file_at(spark: SparkSession, path: str) -> tuple[Any, Any]:
    """A path and its file system, by way of Hadoop, so that it lies beside the rows wherever they are."""
    place = spark._jvm.org.apache.hadoop.fs.Path(path)
    return place, place.getFileSystem(spark._jsc.hadoopConfiguration())


def write_text(spark: SparkSession, path: str, text: str) -> None:
    place, system = file_at(spark, path)
    stream = system.create(place, True)
    stream.write(bytearray(text, "utf-8"))
    stream.close()


def main(args: list[str]) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--descriptor", required=True, help="file of what `limaml prep describe` printed")
    parser.add_argument("--data", required=True, help="folder of the raw files, as Spark reads it")
    parser.add_argument("--out", required=True, help="folder to write, as Spark writes it")
    parser.add_argument("--master", help="Spark master; spark-submit gives it otherwise")
    options = parser.parse_args(args)
    descriptor = read_descriptor(options.descriptor)
    require_supported(descriptor)
    spark = session("prep", options.master)
    out = options.out.rstrip("/")
    # Of an earlier time: it says nothing of the rows that take the place of those.
    place, system = file_at(spark, f"{out}/draft.json")
    system.delete(place, False)
    draft = prepare(spark, descriptor, options.data.rstrip("/"), out)
    # Last, so that what was not written to its end has none.
    write_text(spark, f"{out}/draft.json", json.dumps(draft, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(run_script(main, sys.argv[1:], ScriptError, "DATA_BAD_ROWS"))
