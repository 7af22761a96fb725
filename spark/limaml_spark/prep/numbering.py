"""Indexes: an order over values, and their places in it, without a partition that holds all of them."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from .text import NUMBER


def natural(value: Column) -> list[Column]:
    """Numbers by size, rounded to whole ones, then everything else by its UTF-8 bytes."""
    exact = F.when(value.rlike("^[+-]?[0-9]{1,18}$"), value.try_cast("bigint"))
    other = F.when(value.rlike(NUMBER), F.round(value.try_cast("decimal(38,10)"), 0).try_cast("bigint"))
    return [F.coalesce(exact, other).asc_nulls_last(), value.asc()]


def numbered(rows: DataFrame, order: list[Column], name: str, first: int = 1) -> tuple[DataFrame, int]:
    """Rows with their number in the order, from `first`, without a partition that holds all of them; and how many there are."""
    placed = (
        rows.orderBy(*order)
        .withColumn("_part", F.spark_partition_id())
        .withColumn("_at", F.monotonically_increasing_id())
        .persist()
    )
    counts = sorted(
        (row["_part"], row["n"], row["low"])
        for row in placed.groupBy("_part").agg(F.count("*").alias("n"), F.min("_at").alias("low")).collect()
    )
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
