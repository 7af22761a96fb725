"""A bundle on a cluster: its graphs at every worker, its tables as Spark reads them."""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pyspark import Broadcast
from pyspark.sql import DataFrame, SparkSession

from limaml_bundle import Bundle, BundleError, Manifest, read_files, read_manifest

from .session import session


_OPENED: dict[str, Bundle] = {}
"""Bundles that this process has opened, by hash."""


def _open(digest: str, sent: Broadcast[Mapping[str, bytes]]) -> Bundle:
    if digest not in _OPENED:
        _OPENED[digest] = Bundle(sent.value)
    return _OPENED[digest]


def shared_bundle(spark: SparkSession, folder: str) -> Callable[[], Bundle]:
    """The bundle's graphs at every worker, opened once in each of its processes."""
    files = read_files(folder)
    # Of a function within this one workers would get a copy, and of _OPENED another with every task.
    return functools.partial(_open, Bundle(files, folder).hash, spark.sparkContext.broadcast(files))


def bundle_table(spark: SparkSession, folder: str, file: str) -> DataFrame | None:
    """A table of the bundle; None where it has none. Raises BUNDLE_DAMAGED where a table of the manifest is gone."""
    path = Path(folder) / f"{file}.parquet"
    if path.exists():
        return spark.read.parquet(str(path))
    if path.name in read_manifest((Path(folder) / "manifest.json").read_bytes(), folder)["files"]:
        raise BundleError("BUNDLE_DAMAGED", str(path), "The file is missing.", "Restore it, or export the run again.")
    return None


def side_features(manifest: Mapping[str, Any], side: str, graph: str) -> list[Mapping[str, Any]]:
    """Features of entities or items that a graph reads."""
    return [entry for entry in manifest["inputs"][graph] if entry["side"] == side and entry["kind"] != "id"]


def arguments(description: str | None) -> argparse.ArgumentParser:
    """The options that every script on a bundle has."""
    parser = argparse.ArgumentParser(description=(description or "").split("\n")[0])
    parser.add_argument("--bundle", required=True, help="folder that limaml export wrote")
    parser.add_argument("--out", required=True, help="folder to write; refused where there is one already")
    parser.add_argument(
        "--format", choices=["csv", "parquet", "jsonl"], help="of what is read (by its ending otherwise; parquet without one)"
    )
    parser.add_argument("--master", help="Spark master; spark-submit gives it otherwise")
    parser.add_argument("--partitions", type=int, help="parts that the work is cut into, and files that are written")
    return parser


def open_on(name: str, options: argparse.Namespace) -> tuple[SparkSession, Callable[[], Bundle], Manifest]:
    """The session of a script, the bundle as its workers open it, and its manifest."""
    spark = session(name, options.master)
    if options.partitions:
        spark.conf.set("spark.sql.shuffle.partitions", options.partitions)
    opened = shared_bundle(spark, options.bundle)
    return spark, opened, read_manifest(Path(options.bundle, "manifest.json").read_bytes(), options.bundle)
