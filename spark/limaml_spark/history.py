"""History features as of each row's own instant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F


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
