"""Rows of files: CSV as the log is or by commas, Parquet, JSON lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from limaml_bundle import BundleError, LogReader


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
