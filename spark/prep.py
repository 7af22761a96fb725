"""Prepares a raw log on a cluster, by the rules of `limaml prep`, into a folder that `limaml prep seal` makes a prepared data set of.

    limaml prep describe datasets/mine.yaml --data DATA > described.json
    spark-submit spark/prep.py --descriptor described.json --data DATA --out FOLDER
    limaml prep seal FOLDER

Paths are whatever Spark reads and writes. What this program does not do, it refuses by name before it reads a row (docs/spark.md).
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from fractions import Fraction
from typing import Any, Callable, NoReturn

from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F

Json = dict[str, Any]
SPACE = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|\+00:00)?)?$"
LARGEST = 3.4028234663852886e38
MS_RANGE = (-2208988800000, 7258118400000)
ROWS_PER_SHARD = 1_000_000
QUANTILE_ROWS = 4_000_000
BUCKETS = 4096
SAFE_PATTERN = re.compile(r"(?:[^\\\[\](){}*+?|.^$]|\\[dw.+*?()\[\]{}|/^$\\-]|\[\^?[\w \-.,:;/]+\]|\((?:\?:|(?!\?))|\)|[*+?]|\{\d+(?:,\d*)?\}|[|.^$])*", re.ASCII)
ENCODINGS = {"utf-8": "UTF-8", "latin-1": "ISO-8859-1"}
PLACE = ("_pattern", "_file", "_block", "_line")
"""Columns that say where a row stood: in the order of these, rows have the order of the log."""


class PrepError(Exception):
    """What cannot be prepared: a code, where, and what is wrong."""

    def __init__(self, code: str, where: str, what: str) -> None:
        super().__init__(f"{code}  {where}: {what}")
        self.code = code


def unsupported(where: str, what: str) -> NoReturn:
    raise PrepError("SPARK_UNSUPPORTED", where, f"{what} Prepare this log with limaml prep.")


# --- what is refused ------------------------------------------------------------------------------------------------


def require_supported(descriptor: Json) -> None:
    """Raises SPARK_UNSUPPORTED for the first part of the descriptor that this program does not follow."""
    columns, split = descriptor["columns"], descriptor["split"]
    if isinstance(descriptor["events"]["files"], dict) or split["kind"] not in ("per-entity-time", "global-time"):
        unsupported("split.kind", f'Splits are made by time here, "per-entity-time" or "global-time", not "{split["kind"]}".')
    if columns["label"]["kind"] not in ("threshold", "values", "binary"):
        unsupported("columns.label", f'A label of kind "{columns["label"]["kind"]}" repeats or samples rows.')
    if "sourceOrder" in columns["timestamp"]:
        unsupported("columns.timestamp", "A log without times has no order on a cluster.")
    if columns["timestamp"]["unit"] == "format":
        unsupported("columns.timestamp", "Times by a strptime pattern are not read.")
    if descriptor["duplicates"] == "error" and split["kind"] not in ("per-entity-time", "global-time"):
        unsupported("duplicates", "Copies are looked for in splits that the log states.")
    for name, source in [("events", descriptor["events"]), *((f"tables.{name}", table) for name, table in descriptor["tables"].items())]:
        if source["format"] == "jsonl":
            unsupported(f"{name}.format", "JSON lines are not read.")
        if source.get("skip") or source.get("comment"):
            unsupported(name, "Lines before or among the rows (skip, comment) are not left out.")
        if source["format"] == "csv" and source["encoding"] not in ENCODINGS:
            unsupported(f"{name}.encoding", f'Only {" and ".join(ENCODINGS)} are read.')
        if "" not in source["missing"]:
            unsupported(f"{name}.missing", "An empty text is always missing here.")
    for feature in descriptor["features"]:
        where = f"features.{feature['name']}"
        if feature["kind"] in ("elapsed", "history"):
            unsupported(where, f'Features of kind "{feature["kind"]}" are not computed.')
        if "written" in feature:
            unsupported(where, "Numbers as people write them are not read.")
        if "pattern" in feature and not SAFE_PATTERN.fullmatch(feature["pattern"]):
            unsupported(where, f"The pattern {feature['pattern']!r} may mean something else to Java's regular expressions.")


# --- raw columns ----------------------------------------------------------------------------------------------------


def lit_text(text: str) -> str:
    """A text literal of Spark's SQL."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def trimmed(column: Column) -> Column:
    return F.btrim(column, F.lit(SPACE))


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
            raise PrepError("DATA_FILE_MISSING", where, f"Not found: {pattern} in {data}.")
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
            reader = reader.options(sep=source["delimiter"], quote=quote, escape=escape, encoding=ENCODINGS[source["encoding"]], mode="FAILFAST")
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
            raise PrepError("DATA_MISSING_COLUMN", self.where, f'There is no column "{name}". Columns: {", ".join(self.names)}.')
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
        checks = [F.count_if(good & F.coalesce(when, F.lit(False))).alias(f"n{n}") for n, (_, when, _, _) in enumerate(self.faults)]
        shown = [F.min(F.when(good & when, F.struct(*PLACE, value.alias("v")))).alias(f"v{n}") for n, (_, when, value, _) in enumerate(self.faults)]
        lost = [F.count_if(F.col("_dropped") == n).alias(f"d{n}") for n in range(len(self.drops))]
        counts = rows.agg(F.count_if(good).alias("rows"), *checks, *shown, *lost).first()
        wrong = [
            f'{counts[f"n{n}"]} rows: "{column}" is {reason}; the first is {counts[f"v{n}"]["v"]!r} in {counts[f"v{n}"]["_file"]}'
            for n, (column, _, _, reason) in enumerate(self.faults)
            if counts[f"n{n}"]
        ]
        if wrong:
            raise PrepError("DATA_BAD_ROWS", self.where, ". ".join(wrong))
        by_reason: dict[str, int] = {}
        for n, (reason, _) in enumerate(self.drops):
            by_reason[reason] = by_reason.get(reason, 0) + counts[f"d{n}"]
        taken = rows.where(good).select(*(column.alias(name) for name, column in columns.items()), *PLACE)
        return taken, {"rows": counts["rows"], **by_reason}


def number_of(text: Column) -> Column:
    value = F.when(text.rlike(NUMBER), text.cast("double"))
    return F.when(F.abs(value) != math.inf, value)


def cleaned(text: Column, feature: Json) -> Column:
    if "pattern" in feature:
        found = trimmed(F.regexp_extract(text, feature["pattern"], 1))
        text = F.when(found != "", found)
    if "prefix" in feature:
        text = F.substring(text, 1, feature["prefix"])
    return text


def feature_column(source: Source, feature: Json) -> Column:
    """The raw value of a feature: a text, a number, or the words of several, in order."""
    missing, name = [*source.missing, *feature["missing"]], feature.get("column", feature["name"])
    if feature["kind"] == "multi":
        if "flags" in feature:
            parts = F.array_compact(F.array(*(F.when(F.lower(trimmed(source.raw(flag).cast("string"))).isin("1", "1.0", "true"), F.lit(flag)) for flag in feature["flags"])))
            text = F.when(F.size(parts) > 0, F.array_join(parts, feature["separator"]))
        else:
            text = source.text(name, missing)
            source.fault(name, F.contains(text, F.lit("\u0000")), "a text with a NUL")
        words = F.filter(F.transform(F.split(text, F.lit(re.escape(feature["separator"]).replace("\\ ", " "))), trimmed), lambda word: word != "")
        return F.slice(F.array_distinct(words), 1, feature["max"])
    if feature["kind"] == "categorical":
        held = source.text(name, missing)
        source.fault(name, F.contains(held, F.lit("\u0000")), "a text with a NUL")
        return cleaned(held, feature)
    if "pattern" in feature or "prefix" in feature:
        present = cleaned(source.text(name, missing), feature)
        value = number_of(present)
    else:
        value, present = source.number(name, missing)
    source.fault(name, present.isNotNull() & value.isNull(), "not a number")
    source.fault(name, F.abs(value) > LARGEST, "past the range of 32-bit floats")
    return value


def milliseconds(source: Source, time: Json) -> Column:
    unit, name = time["unit"], time["column"]
    if unit == "iso":
        text = source.text(name, source.missing)
        moment = F.try_to_timestamp(F.when(text.rlike(ISO), F.regexp_replace(text, "(Z|\\+00:00)$", "")))
        ms = F.floor(F.unix_micros(moment) / 1000)
    elif unit == "ns":
        ms = F.floor(source.text(name, source.missing).try_cast("decimal(20,0)") / 1_000_000)
    else:
        value, _ = source.number(name, source.missing)
        ms = {"s": F.round(value * 1000), "ms": F.round(value), "us": F.floor(value / 1000)}[unit]
    ms = ms.cast("bigint")
    bounded = F.when(ms.between(*MS_RANGE), ms)
    source.fault(name, bounded.isNull(), f"no time in {unit} between the years 1900 and 2200")
    return bounded


def label_column(source: Source, label: Json) -> Column:
    name = label["column"]
    if label["kind"] == "values":
        text = F.coalesce(source.text(name, source.missing), F.lit(""))
        positive, known = text.isin(label["positive"]), text.isin([*label["positive"], *label["negative"]])
        if label["otherwise"] == "error":
            source.fault(name, ~known, "not one of the declared label values")
        if label["otherwise"] == "drop":
            source.drops.append(("rows with other label values", ~known))
        return positive.cast("int")
    value, _ = source.number(name, source.missing)
    if label["kind"] == "threshold":
        outside = value.isNull()
        if "range" in label:
            outside |= ~value.between(*label["range"])
        source.fault(name, outside, "not a number as declared")
        return (value >= label["threshold"]).cast("int")
    word = F.lower(source.text(name, source.missing)) if source.types.get(name, "string") in ("string", "boolean") else F.lit(None)
    code = F.when(value == 1, 1).when(value == 0, 0).when(word == "true", 1).when(word == "false", 0)
    source.fault(name, code.isNull(), "not a label (0, 1, true, false)")
    return code


def id_column(source: Source, columns: Json, side: str) -> Column:
    names = columns[side] if isinstance(columns[side], list) else [columns[side]]
    ids = columns.get("ids")
    whole = ids == "whole" or (isinstance(ids, dict) and ids.get(side) == "whole")
    parts = []
    for name in names:
        part = source.text(name, source.missing)
        source.fault(name, part.isNull(), f"no {side}: the value is missing")
        source.fault(name, F.contains(part, F.lit("\u0000")), "a text with a NUL")
        if whole:
            source.fault(name, ~part.rlike(r"^[+-]?[0-9]+(\.0*)?$"), "not a whole number")
        parts.append(whole_part(part) if whole else part)
    if len(parts) == 1:
        return parts[0]
    return F.concat_ws("|", *(F.replace(F.replace(part, F.lit("\\"), F.lit("\\\\")), F.lit("|"), F.lit("\\|")) for part in parts))


def whole_part(part: Column) -> Column:
    return F.regexp_replace(part, r"^\+?(-?[0-9]+)\.0*$", "$1")


# --- numbering ------------------------------------------------------------------------------------------------------


def natural(value: Column) -> list[Column]:
    """Numbers by size, rounded to whole ones, then everything else by its UTF-8 bytes."""
    exact = F.when(value.rlike("^[+-]?[0-9]{1,18}$"), value.try_cast("bigint"))
    other = F.when(value.rlike(NUMBER), F.round(value.try_cast("decimal(38,10)"), 0).try_cast("bigint"))
    return [F.coalesce(exact, other).asc_nulls_last(), value.asc()]


def numbered(rows: DataFrame, order: list[Column], name: str, first: int = 1) -> tuple[DataFrame, int]:
    """Rows with their number in the order, from `first`, without a partition that holds all of them; and how many there are."""
    placed = rows.orderBy(*order).withColumn("_part", F.spark_partition_id()).withColumn("_at", F.monotonically_increasing_id()).persist()
    counts = sorted((row["_part"], row["n"], row["low"]) for row in placed.groupBy("_part").agg(F.count("*").alias("n"), F.min("_at").alias("low")).collect())
    before, offsets = first, []
    for part, n, low in counts:
        offsets += [F.lit(part), F.lit(before - low)]
        before += n
    number = F.col("_at") + (F.create_map(*offsets)[F.col("_part")] if offsets else F.lit(0))
    return placed.withColumn(name, number.cast("int")).drop("_part", "_at"), before - first


def shard_of(value: Column, shards: int) -> Column:
    """Bytes 8 to 15 of the MD5, as a little-endian unsigned number, modulo the shards."""
    digest = F.md5(value.cast("binary"))
    pairs = [F.substring(digest, at, 2) for at in range(31, 16, -2)]
    high, low = (F.conv(F.concat(*half), 16, 10).cast("bigint") for half in (pairs[:4], pairs[4:]))
    return ((high % shards) * (2**32 % shards) + low % shards) % shards


# --- splits ---------------------------------------------------------------------------------------------------------


def nearest_boundaries(rows: DataFrame, fraction: float, name: str) -> DataFrame:
    """An entity's instant whose rows begin nearest to the place that leaves the last `fraction` of its history behind it."""
    own = Window.partitionBy("entity")
    instants = rows.groupBy("entity", "ts").agg(F.count("*").alias("n"))
    instants = instants.withColumn("before", F.sum("n").over(own.orderBy("ts")) - F.col("n")).withColumn("total", F.sum("n").over(own))
    instants = instants.withColumn("target", F.expr(f"total - CAST(round(total * CAST('{fraction!r}' AS DECIMAL(18, 17))) AS BIGINT)"))
    distance = F.abs(F.col("before") - F.col("target")) * 2 + (F.col("before") > F.col("target")).cast("int")
    best = F.min(F.when(F.col("before") > 0, F.struct(distance.alias("cost"), "ts", "before"))).alias("best")
    found = instants.groupBy("entity").agg(best, F.first("total").alias("total"), F.first("target").alias("target"))
    parted = F.coalesce(F.col("best.cost") <= (F.col("total") - F.col("target")) * 2, F.lit(False))
    moved = F.when(parted, F.col("best.before") != F.col("target")).otherwise(F.col("total") != F.col("target"))
    return found.select("entity", F.when(parted, F.col("best.ts")).alias(name), moved.cast("int").alias(f"{name}_moved"))


def global_boundary(events: DataFrame, target: int) -> int | None:
    """The time whose rows begin nearest to the `target`-th row in time order; None where everything happens at once."""
    low, high = events.agg(F.min("ts"), F.max("ts")).first()
    before, width = 0, math.ceil((high - low + 1) / BUCKETS)
    while True:
        bucket = F.floor((F.col("ts") - low) / width).cast("bigint").alias("bucket")
        counts = events.where(F.col("ts").between(low, high)).groupBy(bucket).count().orderBy("bucket").collect()
        for place, (at, n) in enumerate(counts):
            if before + n <= target and place < len(counts) - 1:
                before += n
                continue
            low += at * width
            high = low + width - 1
            break
        if width == 1:
            if before > 0 and target - before <= before + n - target:
                return low
            later = events.where(F.col("ts") > low).agg(F.min("ts")).first()[0]
            return low if later is None and before > 0 else later
        width = math.ceil(width / BUCKETS)


def with_split(events: DataFrame, split: Json) -> tuple[DataFrame, dict[str, int]]:
    """Events with `split`, 9 in a purge gap; and notes."""
    notes: dict[str, int] = {}
    if split["kind"] == "per-entity-time":
        test = nearest_boundaries(events.select("entity", "ts"), split["test"], "test_from")
        rest = events.select("entity", "ts").join(test, "entity").where(F.col("test_from").isNull() | (F.col("ts") < F.col("test_from")))
        bounds = test.join(nearest_boundaries(rest.select("entity", "ts"), split["valid"], "valid_from"), "entity").persist()
        moved, whole = bounds.agg(F.sum(F.col("test_from_moved") + F.col("valid_from_moved")), F.count_if(F.col("test_from").isNull())).first()
        notes = {"cuts moved off equal times": moved, "entities without test rows (too short, or one instant)": whole}
        events = events.join(bounds.drop("test_from_moved", "valid_from_moved"), "entity")
    else:
        rows = events.count()
        at = {name: split.get(name) for name in ("validFrom", "testFrom")}
        if at["testFrom"] is None:
            at["testFrom"] = global_boundary(events, math.floor(rows * (1 - split["test"]) + 0.5))
            at["validFrom"] = global_boundary(events, math.floor(rows * (1 - split["test"] - split["valid"]) + 0.5))
            if at["testFrom"] is None or at["validFrom"] is None or at["validFrom"] >= at["testFrom"]:
                raise PrepError("SPLIT_NO_BOUNDARY", "split", "The times are so coarse that no boundaries lie between training, validation and test rows.")
        events = events.withColumn("test_from", F.lit(at["testFrom"])).withColumn("valid_from", F.lit(at["validFrom"]))
    purge, ts = round(split["purgeMinutes"] * 60_000), F.col("ts")
    code = F.when(ts >= F.col("test_from"), 2)
    if purge > 0:
        code = code.when(ts >= F.col("test_from") - purge, 9)
    code = code.when(ts >= F.col("valid_from"), 1)
    if purge > 0:
        code = code.when(ts >= F.col("valid_from") - purge, 9)
    return events.withColumn("split", code.otherwise(0)).drop("test_from", "valid_from"), notes


# --- features -------------------------------------------------------------------------------------------------------


def rounded(value: float | None) -> float:
    """Seven digits: the order of adding up must not show."""
    return float(f"{value:.6e}") if value is not None and math.isfinite(value) else 0.0


def plain(value: float) -> float | int:
    """As JSON of limaml has it."""
    return int(value) if value == int(value) and abs(value) < 2**53 else value


def encode_number(rows: DataFrame, train: Column, feature: Json, spec: Json) -> Json:
    held = F.col(f"f_{feature['name']}")
    learned = rows.where(train & held.isNotNull())
    if "buckets" in feature:
        count = feature["buckets"]
        total = learned.count()
        wanted = [max(1, total - math.floor(total - Fraction(repr((i + 1) / count)) * total)) - 1 for i in range(count - 1)]
        # No partition holds all of the numbers.
        ordered, _ = numbered(learned.select(held.alias("v")), [F.col("v")], "place", 0) if total else (None, 0)
        found = {} if ordered is None else {row["place"]: row["v"] for row in ordered.where(F.col("place").isin([*wanted, total - 1])).collect()}
        edges = [] if not found else [edge for edge in dict.fromkeys(found[at] for at in wanted) if edge < found[total - 1]]
        return {**spec, "kind": "categorical", "size": len(edges) + 2, "edges": [plain(edge) for edge in edges]}
    mean, deviation = 0.0, 1.0
    if feature["standardise"]:
        value = F.signum(held) * F.log(1 + F.abs(held)) if feature["log"] else held
        figures = learned.agg(F.avg(value), F.stddev_pop(value), F.min(value)).first()
        mean, deviation = rounded(figures[0]), rounded(figures[1] if figures[1] is not None else 1.0) or 1.0
        if abs(mean) >= 1000 * deviation:
            above = learned.agg(F.avg(value - figures[2]), F.stddev_pop(value - figures[2])).first()
            mean, deviation = figures[2] + rounded(above[0]), rounded(above[1]) or 1.0
    return {**spec, "kind": "numeric", "transform": {"log": feature["log"], "mean": plain(mean), "deviation": plain(deviation), "missing": 0}}


def encode(rows: DataFrame, train: Column, feature: Json, write: Callable[[DataFrame, str], None]) -> tuple[Json, DataFrame]:
    """The feature's entry of the manifest, and the rows with its stored column `name` (and `raw.<name>`)."""
    name, held = feature["name"], F.col(f"f_{feature['name']}")
    spec: Json = {"name": name, "side": feature["side"]}
    if feature["kind"] == "numeric":
        return encode_number(rows, train, feature, spec), rows.withColumn(name, held)
    several = feature["kind"] == "multi"
    words = rows.where(train).select((F.explode(held) if several else held).alias("value")).where("value IS NOT NULL")
    often = words.groupBy("value").agg(F.count("*").alias("n")).where(F.col("n") >= feature.get("minCount", 1)).select("value")
    vocabulary, size = numbered(often, natural(F.col("value")), "index")
    write(vocabulary.select("index", "value"), f"vocabularies/{name}")
    spec = {**spec, "kind": "multi" if several else "categorical", "size": size + 1}
    if several:
        spec["separator"] = feature["separator"]
        distinct = rows.select(held.alias("_words")).where(F.size(held) > 0).distinct()
        parts = distinct.select("_words", F.posexplode("_words").alias("_place", "value")).join(F.broadcast(vocabulary), "value")
        lists = parts.groupBy("_words").agg(F.transform(F.array_sort(F.collect_list(F.struct("_place", "index"))), lambda one: one["index"]).alias("_codes"))
        joined = rows.join(lists, held == F.col("_words"), "left")
        return spec, joined.withColumn(name, F.coalesce("_codes", F.array().cast("array<int>"))).withColumn(f"raw.{name}", held).drop("_words", "_codes")
    lookup = vocabulary.select(F.col("value").alias("_value"), F.col("index").alias("_index"))
    joined = rows.join(lookup, held == F.col("_value"), "left")
    return spec, joined.withColumn(name, F.coalesce("_index", F.lit(0))).withColumn(f"raw.{name}", held).drop("_value", "_index")


def clock(feature: Json) -> Column:
    local = F.col("ts") + feature["utcOffsetMinutes"] * 60_000
    hour, day = F.floor(local / 3_600_000) % 24, F.floor(local / 86_400_000)
    hour, weekday = F.pmod(hour, F.lit(24)), F.pmod(day + 3, F.lit(7)) + 1
    month = F.month(F.date_add(F.lit("1970-01-01").cast("date"), day.cast("int")))
    part = {"hour": hour, "weekday": weekday, "hour_of_week": (weekday - 1) * 24 + hour, "month": month}[feature["part"]]
    return part.cast("int").cast("string")


# --- the whole ------------------------------------------------------------------------------------------------------


def load_table(spark: SparkSession, data: str, descriptor: Json, name: str) -> tuple[DataFrame, dict[str, int]]:
    table = descriptor["tables"][name]
    source = Source(spark, data, f"tables.{name}", table)
    key = source.text(table["key"], source.missing)
    source.fault(table["key"], key.isNull(), "no key: the value is missing")
    ids = descriptor["columns"].get("ids")
    if table["on"] in ("entity", "item") and (ids == "whole" or (isinstance(ids, dict) and ids.get(table["on"]) == "whole")):
        key = whole_part(key)
    columns = {"key": key, **{f"f_{f['name']}": feature_column(source, f) for f in descriptor["features"] if f.get("from") == name}}
    source.filter_rows(f"rows of table {name} filtered")
    rows, counts = source.loaded(columns)
    dropped = {reason: n for reason, n in counts.items() if reason != "rows"}
    if table["duplicates"] == "error":
        twice = rows.groupBy("key").count().where("count > 1").limit(5).collect()
        if twice:
            raise PrepError("DATA_DUPLICATE_KEY", f"tables.{name}", f"It must have one row a key, but has several for {[row['key'] for row in twice]}.")
    else:
        order = [F.col(place).desc() if table["duplicates"] == "last" else F.col(place) for place in PLACE]
        one = rows.withColumn("_nth", F.row_number().over(Window.partitionBy("key").orderBy(*order))).where("_nth = 1").drop("_nth")
        dropped[f"repeated keys of table {name}"] = counts["rows"] - one.count()
        rows = one
    return rows.drop(*PLACE), dropped


def prepare(spark: SparkSession, descriptor: Json, data: str, out: str) -> Json:
    """Writes events, entities, items and vocabularies under `out`; returns what draft.json says of them."""
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    spark.conf.set("spark.sql.ansi.enabled", "false")
    # Else a row with too few fields passes where only its first are read.
    spark.conf.set("spark.sql.csv.parser.columnPruning.enabled", "false")
    columns, features = descriptor["columns"], descriptor["features"]
    write = lambda rows, name: rows.write.mode("overwrite").parquet(f"{out}/{name}")
    source = Source(spark, data, "events", descriptor["events"])
    taken = {"entity_id": id_column(source, columns, "entity"), "item_id": id_column(source, columns, "item"), "ts": milliseconds(source, columns["timestamp"]), "label": label_column(source, columns["label"])}
    if "truth" in columns:
        taken["truth"], _ = source.number(columns["truth"], source.missing)
        source.fault(columns["truth"], F.coalesce(~taken["truth"].between(0, 1), F.lit(True)), "not a probability from 0 to 1")
    taken |= {f"f_{f['name']}": feature_column(source, f) for f in features if f.get("from") == "events"}
    keys = {name: table["on"] for name, table in descriptor["tables"].items() if table["on"] not in ("entity", "item")}
    taken |= {f"k_{name}": source.text(on, source.missing) for name, on in keys.items()}
    filters = source.drops
    source.drops = []
    source.filter_rows("rows filtered")
    source.drops += filters
    loaded, dropped = source.loaded(taken)
    loaded = loaded.persist()
    rows = dropped.pop("rows")
    if rows == 0:
        raise PrepError("DATA_NO_ROWS", "events", "No rows are left to prepare.")
    shards = max(1, math.ceil(rows / ROWS_PER_SHARD))
    value = F.col("value")
    entities, _ = numbered(loaded.select(F.col("entity_id").alias("value")).distinct(), [shard_of(value, shards), *natural(value)], "entity")
    items, _ = numbered(loaded.select(F.col("item_id").alias("value")).distinct(), natural(value), "item")
    events = loaded.join(entities.withColumnRenamed("value", "entity_id"), "entity_id").join(items.withColumnRenamed("value", "item_id"), "item_id")
    tables: dict[str, DataFrame] = {}
    for name in descriptor["tables"]:
        tables[name], lost = load_table(spark, data, descriptor, name)
        dropped |= lost
    if descriptor["duplicates"] == "drop":
        copies = Window.partitionBy("entity", "item", "ts", "label").orderBy(*PLACE)
        kept = events.withColumn("_nth", F.row_number().over(copies)).where("_nth = 1").drop("_nth")
        dropped["duplicate events"] = rows - kept.count()
        events = kept
    events, notes = with_split(events, descriptor["split"])
    purged = events.where("split = 9").count() if descriptor["split"]["purgeMinutes"] > 0 else 0
    dropped |= {"rows in the purge gap": purged} if purged else {}
    every, events = events, events.where("split <> 9").persist()

    specs: dict[str, Json] = {}
    for side, table, index in (("entity", "entities", entities), ("item", "items", items)):
        counts = events.where("split = 0").groupBy(side).agg(F.count("*").alias("_train"))
        side_rows = index.join(counts, side, "left")
        own = [f for f in features if f["side"] == side]
        for origin in dict.fromkeys(f["from"] for f in own):
            names = [f"f_{f['name']}" for f in own if f["from"] == origin]
            if origin == "events":
                firsts = every.withColumn("_nth", F.row_number().over(Window.partitionBy(side).orderBy("ts", *PLACE))).where("_nth = 1")
                side_rows = side_rows.join(firsts.select(side, *names), side, "left")
            else:
                known = tables[origin].select(F.col("key").alias("value"), *names, F.lit(1).alias("_known"))
                side_rows = side_rows.join(known, "value", "left").persist()
                notes[f"{side} values missing from table {origin}"] = side_rows.where("_known IS NULL").count()
                side_rows = side_rows.drop("_known")
        side_rows = side_rows.persist()
        stored: list[str] = []
        for feature in own:
            specs[feature["name"]], side_rows = encode(side_rows, F.coalesce(F.col("_train") > 0, F.lit(False)), feature, write)
            stored += [feature["name"], *([f"raw.{feature['name']}"] if feature["kind"] != "numeric" else [])]
        write(side_rows.select(F.col(side).alias("index"), "value", *(F.col(f"`{name}`") for name in stored)), table)

    own = [f for f in features if f["side"] == "event"]
    for name, table in tables.items():
        names = [f"f_{f['name']}" for f in own if f.get("from") == name]
        on = {"entity": "entity_id", "item": "item_id"}.get(descriptor["tables"][name]["on"], f"k_{name}")
        if names:
            events = events.join(table.select(F.col("key").alias(on), *names), on, "left")
    for feature in own:
        if feature["kind"] == "time":
            events = events.withColumn(f"f_{feature['name']}", clock(feature))
        if "buckets" in feature and events.count() > QUANTILE_ROWS:
            unsupported(f"features.{feature['name']}", f"Of more than {QUANTILE_ROWS} rows limaml prep takes edges from a sample, which is not drawn here.")
        specs[feature["name"]], events = encode(events, F.col("split") == 0, feature, write)
    order = F.row_number().over(Window.partitionBy("entity", "ts").orderBy(*PLACE)).alias("row")
    stored = [*(["truth"] if "truth" in columns else []), *(feature["name"] for feature in own)]
    write(events.select("entity", "item", F.col("ts").alias("timestamp_ms"), "label", "split", order, *(F.col(f"`{name}`") for name in stored)), "events")
    in_order = [specs[f["name"]] for side in ("entity", "item", "event") for f in features if f["side"] == side]
    counted = lambda counts: {reason: n for reason, n in counts.items() if n}
    return {"dataset": descriptor["name"], "features": in_order, "descriptor": descriptor, "dropped": counted(dropped), "notes": counted(notes)}


def write_text(spark: SparkSession, path: str, text: str) -> None:
    """By way of Hadoop, so that it lies beside the rows wherever they are."""
    place = spark._jvm.org.apache.hadoop.fs.Path(path)
    stream = place.getFileSystem(spark._jsc.hadoopConfiguration()).create(place, True)
    stream.write(bytearray(text, "utf-8"))
    stream.close()


def main(args: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--descriptor", required=True, help="file of what `limaml prep describe` printed")
    parser.add_argument("--data", required=True, help="folder of the raw files, as Spark reads it")
    parser.add_argument("--out", required=True, help="folder to write, as Spark writes it")
    parser.add_argument("--master", help="Spark master; spark-submit gives it otherwise")
    options = parser.parse_args(args)
    with open(options.descriptor, encoding="utf-8") as file:
        descriptor = json.load(file)
    try:
        require_supported(descriptor)
        builder = SparkSession.builder.appName("limaml prep")
        spark = (builder if options.master is None else builder.master(options.master)).getOrCreate()
        out = options.out.rstrip("/")
        draft = prepare(spark, descriptor, options.data.rstrip("/"), out)
        # Last, so that what was not written to its end has none.
        write_text(spark, f"{out}/draft.json", json.dumps(draft, ensure_ascii=False))
        return 0
    except PrepError as error:
        print(f"error {error}", file=sys.stderr)
    except Exception as error:
        found = re.search(r"Malformed records are detected in record parsing: (.*)", str(error))
        if found is None:
            raise
        print(f"error DATA_BAD_ROWS  {options.data}: A line has too many or too few fields: {found.group(1)}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
