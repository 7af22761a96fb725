"""Raw rows: files found, columns by name, bad rows refused, rows left out counted."""

from __future__ import annotations

import math
import re

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from ..fault import ScriptError
from ..json import Json
from .fault import unsupported
from .supported import ENCODINGS
from .text import SPACE, number_of, trimmed


PLACE = ("_pattern", "_file", "_block", "_line")
"""Columns that say where a row stood: in the order of these, rows have the order of the log."""


def files_of(spark: SparkSession, data: str, patterns: list[str], where: str) -> list[list[str]]:
    """The files of each pattern, each file once. Raises DATA_FILE_MISSING for a pattern without any."""
    system = spark._jvm.org.apache.hadoop.fs.Path(data).getFileSystem(spark._jsc.hadoopConfiguration())
    known: set[str] = set()
    found: list[list[str]] = []
    for pattern in patterns:
        if "**" in pattern:
            unsupported(f"{where}.files", f'Patterns across folders ("{pattern}") are not followed.')
        glob = re.sub(r"([\[\]{}\\])", r"\\\1", pattern)
        statuses = system.globStatus(spark._jvm.org.apache.hadoop.fs.Path(f"{data}/{glob}"))
        own = [status.getPath().toString() for status in statuses or [] if status.isFile()]
        if not own:
            raise ScriptError("DATA_FILE_MISSING", where, f"Not found: {pattern} in {data}.")
        found.append([path for path in own if path not in known])
        known.update(own)
    return found


class Source:
    """Raw rows of the events or of a table, with the expressions that read them and what makes a row bad."""

    def __init__(self, spark: SparkSession, data: str, where: str, source: Json) -> None:
        self.where, self.source, self.missing = where, source, list(source["missing"])
        patterns = source["files"] if isinstance(source["files"], list) else [source["files"]]
        files = files_of(spark, data, patterns, where)
        reader, paths = spark.read, [path for some in files for path in some]
        if source["format"] == "csv":
            quote = "" if source["quote"] == "none" else source["quote"]
            escape = source.get("escape") or quote or "\u0000"
            reader = reader.options(
                sep=source["delimiter"], quote=quote, escape=escape, encoding=ENCODINGS[source["encoding"]], mode="FAILFAST"
            )
            names = reader.options(header=True).csv(paths).columns if source["header"] else source["columns"]
            schema = ", ".join(f"`{name.replace('`', '``')}` STRING" for name in names)
            read = lambda some: reader.options(header=source["header"], enforceSchema=False).schema(schema).csv(some)
        else:
            names = reader.parquet(*paths).columns
            read = lambda some: reader.parquet(*some)
        parts = [self._placed(read(some), names, place) for place, some in enumerate(files) if some]
        self.rows = parts[0]
        for part in parts[1:]:
            self.rows = self.rows.unionByName(part)
        self.names = {name.strip(SPACE): name for name in names}
        self.types = {name.strip(SPACE): kind for (name, kind) in self.rows.dtypes}
        self.faults: list[tuple[str, Column, Column, str]] = []
        self.drops: list[tuple[str, Column]] = []

    @staticmethod
    def _placed(rows: DataFrame, names: list[str], pattern: int) -> DataFrame:
        path = F.url_decode(F.replace(F.col("_metadata.file_path"), F.lit("+"), F.lit("%2B")))
        place = (F.lit(pattern), path, F.col("_metadata.file_block_start"), F.monotonically_increasing_id())
        return rows.select(*(F.col(f"`{name}`") for name in names), *(column.alias(name) for column, name in zip(place, PLACE)))

    def raw(self, name: str) -> Column:
        if name not in self.names:
            raise ScriptError("DATA_MISSING_COLUMN", self.where, f'There is no column "{name}". Columns: {", ".join(self.names)}.')
        return F.col(f"`{self.names[name]}`")

    def text(self, name: str, missing: list[str]) -> Column:
        """The trimmed text; NULL where it is one that means "no value"."""
        column, kind = self.raw(name), self.types.get(name, "string")
        if kind not in ("string", "boolean", "tinyint", "smallint", "int", "bigint"):
            unsupported(f"{self.where} › {name}", f"How a {kind} is written as text is not said.")
        bare = trimmed(column.cast("string"))
        return F.when(~bare.isin(sorted({"", *missing})), bare)

    def number(self, name: str, missing: list[str]) -> tuple[Column, Column]:
        """A finite DOUBLE, and what is not NULL where the file holds something."""
        kind = self.types.get(name, "string")
        if kind in ("float", "double") or kind.startswith("decimal"):
            value = self.raw(name).cast("double")
            if [text for text in missing if text]:
                unsupported(f"{self.where} › {name}", "Words for a missing value are not looked for among numbers of Parquet.")
            return F.when(~F.isnan(value) & (F.abs(value) != math.inf), value), value
        held = self.text(name, missing)
        return number_of(held), held

    def fault(self, name: str, when: Column, reason: str) -> None:
        self.faults.append((name, when, self.raw(name).cast("string"), reason))

    def filter_rows(self, prefix: str) -> None:
        for keep in self.source["where"]:
            value = F.coalesce(trimmed(self.raw(keep["column"]).cast("string")), F.lit(""))
            kept = F.lit(True)
            if "in" in keep:
                kept &= value.isin(keep["in"])
            if "notIn" in keep:
                kept &= ~value.isin(keep["notIn"])
            if "min" in keep:
                kept &= F.coalesce(number_of(value) >= keep["min"], F.lit(False))
            if "max" in keep:
                kept &= F.coalesce(number_of(value) <= keep["max"], F.lit(False))
            self.drops.append((f"{prefix} by {keep['column']}", ~kept))

    def loaded(self, columns: dict[str, Column]) -> tuple[DataFrame, dict[str, int]]:
        """Good rows, kept, and how many were left out by reason. Raises DATA_BAD_ROWS with the first fault of each kind."""
        dropped = F.lit(None).cast("int")
        for place, (_, when) in reversed(list(enumerate(self.drops))):
            dropped = F.when(when, F.lit(place)).otherwise(dropped)
        rows = self.rows.withColumn("_dropped", dropped)
        good = F.col("_dropped").isNull()
        checks = [
            F.count_if(good & F.coalesce(when, F.lit(False))).alias(f"n{n}") for n, (_, when, _, _) in enumerate(self.faults)
        ]
        shown = [
            F.min(F.when(good & when, F.struct(*PLACE, value.alias("v")))).alias(f"v{n}")
            for n, (_, when, value, _) in enumerate(self.faults)
        ]
        lost = [F.count_if(F.col("_dropped") == n).alias(f"d{n}") for n in range(len(self.drops))]
        counts = rows.agg(F.count_if(good).alias("rows"), *checks, *shown, *lost).first()
        wrong = [
            f'{counts[f"n{n}"]} rows: "{column}" is {reason}; the first is {counts[f"v{n}"]["v"]!r} in {counts[f"v{n}"]["_file"]}'
            for n, (column, _, _, reason) in enumerate(self.faults)
            if counts[f"n{n}"]
        ]
        if wrong:
            raise ScriptError("DATA_BAD_ROWS", self.where, ". ".join(wrong))
        by_reason: dict[str, int] = {}
        for n, (reason, _) in enumerate(self.drops):
            by_reason[reason] = by_reason.get(reason, 0) + counts[f"d{n}"]
        taken = rows.where(good).select(*(column.alias(name) for name, column in columns.items()), *PLACE)
        return taken, {"rows": counts["rows"], **by_reason}
