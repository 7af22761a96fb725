"""Features as they are stored: what is learned of the training rows, and how it is put to all rows."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from ..json import Json
from .numbering import natural, numbered

Put = Callable[[DataFrame], DataFrame]
"""Gives rows the stored columns of a feature. Every feature learns of the same rows, before any is put to them: no plan holds those of others."""


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
        found = (
            {}
            if ordered is None
            else {row["place"]: row["v"] for row in ordered.where(F.col("place").isin([*wanted, total - 1])).collect()}
        )
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
    return {
        **spec,
        "kind": "numeric",
        "transform": {"log": feature["log"], "mean": plain(mean), "deviation": plain(deviation), "missing": 0},
    }


def encode(rows: DataFrame, train: Column, feature: Json, write: Callable[[DataFrame, str], None]) -> tuple[Json, Put]:
    """The feature's entry of the manifest, and what gives rows its stored column `name` (and `raw.<name>`)."""
    name, held = feature["name"], F.col(f"f_{feature['name']}")
    spec: Json = {"name": name, "side": feature["side"]}
    if feature["kind"] == "numeric":
        return encode_number(rows, train, feature, spec), lambda given: given.withColumn(name, held)
    several = feature["kind"] == "multi"
    words = rows.where(train).select((F.explode(held) if several else held).alias("value")).where("value IS NOT NULL")
    often = words.groupBy("value").agg(F.count("*").alias("n")).where(F.col("n") >= feature.get("minCount", 1)).select("value")
    vocabulary, size = numbered(often, natural(F.col("value")), "index")
    write(vocabulary.select("index", "value"), f"vocabularies/{name}")
    spec = {**spec, "kind": "multi" if several else "categorical", "size": size + 1}
    if not several:
        return spec, lambda given: with_index(given, vocabulary, name, held)
    spec["separator"] = feature["separator"]
    distinct = rows.select(held.alias("_words")).where(F.size(held) > 0).distinct()
    parts = distinct.select("_words", F.posexplode("_words").alias("_place", "value")).join(F.broadcast(vocabulary), "value")
    in_order = F.transform(F.array_sort(F.collect_list(F.struct("_place", "index"))), lambda one: one["index"])
    return spec, lambda given: with_indexes(given, parts.groupBy("_words").agg(in_order.alias("_codes")), name, held)


def with_index(rows: DataFrame, vocabulary: DataFrame, name: str, held: Column) -> DataFrame:
    """Rows with the index of each word, 0 for what the vocabulary has not."""
    lookup = vocabulary.select(F.col("value").alias("_value"), F.col("index").alias("_index"))
    joined = rows.join(lookup, held == F.col("_value"), "left")
    return joined.withColumn(name, F.coalesce("_index", F.lit(0))).withColumn(f"raw.{name}", held).drop("_value", "_index")


def with_indexes(rows: DataFrame, lists: DataFrame, name: str, held: Column) -> DataFrame:
    """Rows with the indexes of their words, in order, without those that the vocabulary has not."""
    joined = rows.join(lists, held == F.col("_words"), "left")
    codes = F.coalesce("_codes", F.array().cast("array<int>"))
    return joined.withColumn(name, codes).withColumn(f"raw.{name}", held).drop("_words", "_codes")


def clock(feature: Json) -> Column:
    local = F.col("ts") + feature["utcOffsetMinutes"] * 60_000
    hour, day = F.floor(local / 3_600_000) % 24, F.floor(local / 86_400_000)
    hour, weekday = F.pmod(hour, F.lit(24)), F.pmod(day + 3, F.lit(7)) + 1
    month = F.month(F.date_add(F.lit("1970-01-01").cast("date"), day.cast("int")))
    part = {"hour": hour, "weekday": weekday, "hour_of_week": (weekday - 1) * 24 + hour, "month": month}[feature["part"]]
    return part.cast("int").cast("string")
