"""Rows cut into training, validation and test by time."""

from __future__ import annotations

import math

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from ..fault import ScriptError
from ..json import Json


BUCKETS = 4096


def nearest_boundaries(rows: DataFrame, fraction: float, name: str) -> DataFrame:
    """An entity's instant whose rows begin nearest to the place that leaves the last `fraction` of its history behind it."""
    own = Window.partitionBy("entity")
    instants = rows.groupBy("entity", "ts").agg(F.count("*").alias("n"))
    instants = instants.withColumn("before", F.sum("n").over(own.orderBy("ts")) - F.col("n")).withColumn(
        "total", F.sum("n").over(own)
    )
    instants = instants.withColumn(
        "target", F.expr(f"total - CAST(round(total * CAST('{fraction!r}' AS DECIMAL(18, 17))) AS BIGINT)")
    )
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
        rest = (
            events.select("entity", "ts")
            .join(test, "entity")
            .where(F.col("test_from").isNull() | (F.col("ts") < F.col("test_from")))
        )
        bounds = test.join(nearest_boundaries(rest.select("entity", "ts"), split["valid"], "valid_from"), "entity").persist()
        moved, whole = bounds.agg(
            F.sum(F.col("test_from_moved") + F.col("valid_from_moved")), F.count_if(F.col("test_from").isNull())
        ).first()
        notes = {"cuts moved off equal times": moved, "entities without test rows (too short, or one instant)": whole}
        events = events.join(bounds.drop("test_from_moved", "valid_from_moved"), "entity")
    else:
        rows = events.count()
        at = {name: split.get(name) for name in ("validFrom", "testFrom")}
        if at["testFrom"] is None:
            at["testFrom"] = global_boundary(events, math.floor(rows * (1 - split["test"]) + 0.5))
            at["validFrom"] = global_boundary(events, math.floor(rows * (1 - split["test"] - split["valid"]) + 0.5))
            if at["testFrom"] is None or at["validFrom"] is None or at["validFrom"] >= at["testFrom"]:
                raise ScriptError(
                    "SPLIT_NO_BOUNDARY",
                    "split",
                    "The times are so coarse that no boundaries lie between training, validation and test rows.",
                )
        events = events.withColumn("test_from", F.lit(at["testFrom"])).withColumn("valid_from", F.lit(at["validFrom"]))
    purge, ts = round(split["purgeMinutes"] * 60_000), F.col("ts")
    code = F.when(ts >= F.col("test_from"), 2)
    if purge > 0:
        code = code.when(ts >= F.col("test_from") - purge, 9)
    code = code.when(ts >= F.col("valid_from"), 1)
    if purge > 0:
        code = code.when(ts >= F.col("valid_from") - purge, 9)
    return events.withColumn("split", code.otherwise(0)).drop("test_from", "valid_from"), notes
