"""A table beside the events: one row a key."""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from ..fault import ScriptError
from ..json import Json
from .columns import feature_column, whole_part
from .source import PLACE, Source


def load_table(spark: SparkSession, data: str, descriptor: Json, name: str) -> tuple[DataFrame, dict[str, int]]:
    table = descriptor["tables"][name]
    source = Source(spark, data, f"tables.{name}", table)
    key = source.text(table["key"], source.missing)
    source.fault(table["key"], key.isNull(), "no key: the value is missing")
    ids = descriptor["columns"].get("ids")
    if table["on"] in ("entity", "item") and (ids == "whole" or (isinstance(ids, dict) and ids.get(table["on"]) == "whole")):
        key = whole_part(key)
    columns = {
        "key": key,
        **{f"f_{f['name']}": feature_column(source, f) for f in descriptor["features"] if f.get("from") == name},
    }
    source.filter_rows(f"rows of table {name} filtered")
    rows, counts = source.loaded(columns)
    dropped = {reason: n for reason, n in counts.items() if reason != "rows"}
    if table["duplicates"] == "error":
        twice = rows.groupBy("key").count().where("count > 1").limit(5).collect()
        if twice:
            raise ScriptError(
                "DATA_DUPLICATE_KEY",
                f"tables.{name}",
                f"It must have one row a key, but has several for {[row['key'] for row in twice]}.",
            )
    else:
        order = [F.col(place).desc() if table["duplicates"] == "last" else F.col(place) for place in PLACE]
        one = (
            rows.withColumn("_nth", F.row_number().over(Window.partitionBy("key").orderBy(*order))).where("_nth = 1").drop("_nth")
        )
        dropped[f"repeated keys of table {name}"] = counts["rows"] - one.count()
        rows = one
    return rows.drop(*PLACE), dropped
