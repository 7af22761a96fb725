"""What the scripts for Spark share: a session, tables read as the bundle's log is, batches of Arrow as columns.

Needs pyspark 4, pyarrow, numpy, onnxruntime; limaml_bundle.py beside it.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from limaml_bundle import Bundle, BundleError, LogReader, read_files, read_manifest

HERE = Path(__file__).resolve().parent
SPARK_TYPES = {"text": "string", "texts": "array<string>", "number": "double"}
BATCH_ROWS = 50_000
"""Rows that are gathered before the graphs run: enough to put members of like support together."""


def session(name: str, master: str | None) -> SparkSession:
    """A session whose workers find the modules; the one that there is, where there is one."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName(f"limaml {name}")
    if master is not None:
        builder = builder.master(master)
    settings = {
        "spark.sql.session.timeZone": "UTC",
        # Else a row of too few or too many fields is not noticed.
        "spark.sql.csv.parser.columnPruning.enabled": "false",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "10000",
    }
    spark = builder.getOrCreate()
    for key, value in settings.items():
        spark.conf.set(key, value)
    for module in sorted(HERE.glob("*.py")):
        spark.sparkContext.addPyFile(str(module))
    return spark


def shared_bundle(spark: SparkSession, folder: str) -> Callable[[], Bundle]:
    """The bundle's graphs at every worker, opened once in each of its processes."""
    files = read_files(folder)
    digest = Bundle(files, folder).hash
    sent = spark.sparkContext.broadcast(files)

    def opened() -> Bundle:
        if digest not in _OPENED:
            _OPENED[digest] = Bundle(sent.value)
        return _OPENED[digest]

    return opened


_OPENED: dict[str, Bundle] = {}


def bundle_table(spark: SparkSession, folder: str, file: str) -> DataFrame | None:
    """A table of the bundle; None where it has none. Raises BUNDLE_DAMAGED where a table of the manifest is gone."""
    path = Path(folder) / f"{file}.parquet"
    if path.exists():
        return spark.read.parquet(str(path))
    if path.name in read_manifest((Path(folder) / "manifest.json").read_bytes(), folder)["files"]:
        raise BundleError("BUNDLE_DAMAGED", str(path), "The file is missing.", "Restore it, or export the run again.")
    return None


def read_rows(spark: SparkSession, path: str, form: str | None, reader: LogReader) -> DataFrame:
    """Rows of a file or a folder: CSV as the log is or by commas, all of it text; Parquet and JSON lines with their types."""
    name = path.rstrip("/")
    form = form or (
        "csv" if re.search(r"\.(csv|tsv|txt)(\.gz)?$", name) else "jsonl" if re.search(r"\.jsonl?(\.gz)?$", name) else "parquet"
    )
    if form == "parquet":
        return spark.read.parquet(path)
    if form == "jsonl":
        return spark.read.option("mode", "FAILFAST").json(path)
    first = spark.read.text(path).first()
    if first is None:
        raise BundleError("EVENTS_NO_HEADER", path, "The input is empty.", "Pass rows whose first line names the columns.")
    line = first[0].lstrip("\ufeff")
    log: Mapping[str, Any] = (
        reader.events if reader.events.get("format") == "csv" else {"delimiter": ",", "quote": '"', "header": True}
    )
    is_log = len(line.split(log["delimiter"])) >= len(line.split(","))
    dialect: Mapping[str, Any] = log if is_log else {"delimiter": ",", "quote": '"', "header": True}
    refused = {
        "encoding": dialect.get("encoding", "utf-8") != "utf-8",
        "skip": bool(dialect.get("skip")),
        "comment": dialect.get("comment") is not None,
        "quote: none": dialect["quote"] == "none",
    }
    for key, is_there in refused.items():
        if is_there:
            raise BundleError(
                "DIALECT_UNSUPPORTED",
                path,
                f'The log has "{key}", which is not read here.',
                "Pass Parquet, or plain CSV in UTF-8.",
            )
    has_header = dialect.get("header", True)
    options = {
        "sep": dialect["delimiter"],
        "quote": dialect["quote"],
        "escape": dialect.get("escape") or dialect["quote"],
        "mode": "FAILFAST",
        "multiLine": "true",
        "header": str(has_header).lower(),
        "maxCharsPerColumn": "1048576",
    }
    found = spark.read.options(**options).csv(path)
    names = found.columns if has_header else list(dialect.get("columns") or [])
    if len(names) != len(found.columns):
        raise BundleError(
            "ROWS_BAD_CSV",
            path,
            f"There are {len(found.columns)} columns, and the log names {len(names)}.",
            "Pass rows with a header.",
        )
    return found.toDF(*(column.strip("\ufeff ") for column in names))


def columns_of(batch: pa.RecordBatch | pa.Table, names: Iterable[str] | None = None, where: str = "rows") -> dict[str, Any]:
    """Columns of a batch as limaml_bundle takes them. Raises ROWS_BAD_ENCODING where bytes were no UTF-8."""
    found: dict[str, Any] = {}
    for name in names or batch.schema.names:
        column = batch.column(name)
        if pa.types.is_floating(column.type) or (pa.types.is_integer(column.type) and column.null_count == 0):
            found[name] = column.to_numpy(zero_copy_only=False) if isinstance(column, pa.Array) else column.to_numpy()
            continue
        found[name] = column.to_pylist()
        if pa.types.is_string(column.type) and any("\ufffd" in text for text in set(found[name]) if text is not None):
            raise BundleError("ROWS_BAD_ENCODING", f"{where} › {name}", "A text is not UTF-8.", "Pass the rows in UTF-8.")
    return found


def arrow_of(columns: Mapping[str, Any], kinds: Mapping[str, str]) -> pa.RecordBatch:
    """Columns as a batch: texts and numbers that are missing are null. `kinds`: Spark's types by name."""
    types = {
        "string": pa.string(),
        "array<string>": pa.list_(pa.string()),
        "double": pa.float64(),
        "long": pa.int64(),
        "int": pa.int32(),
        "boolean": pa.bool_(),
    }
    arrays = []
    for name, kind in kinds.items():
        values = columns[name]
        if kind == "string":
            values = [None if text == "" else text for text in values]
        if kind in ("long", "int", "boolean"):
            arrays.append(pa.array(np.asarray(values).astype({"long": np.int64, "int": np.int32, "boolean": np.bool_}[kind])))
        else:
            arrays.append(pa.array(values, types[kind], from_pandas=kind == "double"))
    return pa.RecordBatch.from_arrays(arrays, names=list(kinds))


def ddl(kinds: Mapping[str, str]) -> str:
    return ", ".join(f"`{name}` {kind}" for name, kind in kinds.items())


def whole_members(batches: Iterator[pa.RecordBatch], rows: int = BATCH_ROWS) -> Iterator[pa.Table]:
    """Batches sorted by `entity` as larger tables in which all rows of a member are."""
    held: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        if batch.num_rows == 0:
            continue
        held.append(batch)
        count += batch.num_rows
        if count < rows:
            continue
        table = pa.Table.from_batches(held).combine_chunks()
        entity = table.column("entity").to_pylist()
        cut = len(entity) - 1
        while cut > 0 and entity[cut - 1] == entity[-1]:
            cut -= 1
        if cut > 0:
            yield table.slice(0, cut)
        # The last member's rows may go on in the next batch.
        held = table.slice(cut).to_batches()
        count -= cut
    if held:
        yield pa.Table.from_batches(held).combine_chunks()


def with_history(
    rows: DataFrame, names: Sequence[str], history: Mapping[str, Any], past: DataFrame | None, counted: DataFrame | None
) -> DataFrame:
    """Rows with columns entity, item and timestamp_ms, each with the named history features as of its own instant.

    `past`: history.parquet; `counted`: events that count besides, with entity, item, timestamp_ms and label.
    """
    for side in ("entity", "item"):
        features = [one for one in history["features"] if one["of"] == side and one["name"] in names]
        if not features:
            continue
        events = (
            []
            if past is None
            else [past.where(F.col("side") == side).select(F.col("id").alias(side), "timestamp_ms", "events", "clicks")]
        )
        if counted is not None:
            of = counted.where("label = 1") if history["sampled"] else counted
            one = of.groupBy(side, "timestamp_ms").agg(
                F.count(F.lit(1)).alias("events"), F.sum("label").cast("long").alias("clicks")
            )
            events.append(one)
        asked = rows.withColumns({"_asked": F.lit(True), "events": F.lit(0).cast("long"), "clicks": F.lit(0).cast("long")})
        for one in events:
            asked = asked.unionByName(one, allowMissingColumns=True)
        values = {feature["name"]: _history_value(feature, history["trainRate"]) for feature in features}
        rows = asked.withColumns(values).where(F.col("_asked")).drop("_asked", "events", "clicks")
    return rows


def _history_value(feature: Mapping[str, Any], train_rate: float) -> Any:
    until = max(1, round(feature["delayMinutes"] * 60_000))
    start = Window.unboundedPreceding if feature.get("days") is None else -max(until, round(feature["days"] * 86_400_000))
    over = Window.partitionBy(feature["of"]).orderBy("timestamp_ms").rangeBetween(start, -until)
    events = F.coalesce(F.sum("events").over(over), F.lit(0))
    clicks = F.coalesce(F.sum("clicks").over(over), F.lit(0))
    if feature["statistic"] == "count":
        return events.cast("double")
    if feature["statistic"] == "clicks":
        return clicks.cast("double")
    if feature["statistic"] == "rate":
        weight = float(feature["shrinkage"])
        total = events + F.lit(weight)
        return F.when(total != 0, (clicks + F.lit(weight * train_rate)) / total)
    last = F.max(F.when(F.col("events") > 0, F.col("timestamp_ms"))).over(over)
    return (F.col("timestamp_ms") - last) / F.lit(86_400_000.0)


def run_script(main: Callable[[list[str]], None], args: list[str]) -> int:
    """Runs a script; a BundleError, of whatever worker, becomes its text and exit code 2."""
    try:
        main(args)
        return 0
    except BundleError as error:
        print(f"error {error}", file=sys.stderr)
    except Exception as error:
        found = re.search(r"BundleError: (.+)", str(error))
        if found is None:
            raise
        print(f"error {found.group(1)}", file=sys.stderr)
    return 2


def arguments(description: str | None) -> argparse.ArgumentParser:
    """The options that every script has."""
    parser = argparse.ArgumentParser(description=(description or "").split("\n")[0])
    parser.add_argument("--bundle", required=True, help="folder that limaml export wrote")
    parser.add_argument("--out", required=True, help="folder to write; refused where there is one already")
    parser.add_argument(
        "--format", choices=["csv", "parquet", "jsonl"], help="of what is read (by its ending otherwise; parquet without one)"
    )
    parser.add_argument("--master", help="Spark master; spark-submit gives it otherwise")
    parser.add_argument("--partitions", type=int, help="parts that the work is cut into, and files that are written")
    return parser


def side_features(manifest: Mapping[str, Any], side: str, graph: str) -> list[Mapping[str, Any]]:
    """Features of entities or items that a graph reads."""
    return [entry for entry in manifest["inputs"][graph] if entry["side"] == side and entry["kind"] != "id"]
