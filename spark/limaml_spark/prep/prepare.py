"""The whole preparation: stages in their order, and what is written."""

from __future__ import annotations

import math

from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from ..fault import ScriptError
from ..json import Json
from .columns import feature_column, id_column, label_column, milliseconds
from .fault import unsupported
from .features import Put, clock, encode
from .numbering import natural, numbered, shard_of
from .side_table import load_table
from .source import PLACE, Source
from .split import with_split


ROWS_PER_SHARD = 1_000_000
QUANTILE_ROWS = 4_000_000


def prepare(spark: SparkSession, descriptor: Json, data: str, out: str) -> Json:
    """Writes events, entities, items and vocabularies under `out`; returns what draft.json says of them."""
    # What is no number is a bad row to be told of, not the end of a task.
    spark.conf.set("spark.sql.ansi.enabled", "false")
    columns, features = descriptor["columns"], descriptor["features"]
    write = lambda rows, name: rows.write.mode("overwrite").parquet(f"{out}/{name}")
    source = Source(spark, data, "events", descriptor["events"])
    taken = {
        "entity_id": id_column(source, columns, "entity"),
        "item_id": id_column(source, columns, "item"),
        "ts": milliseconds(source, columns["timestamp"]),
        "label": label_column(source, columns["label"]),
    }
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
        raise ScriptError("DATA_NO_ROWS", "events", "No rows are left to prepare.")
    shards = max(1, math.ceil(rows / ROWS_PER_SHARD))
    value = F.col("value")
    entities, _ = numbered(
        loaded.select(F.col("entity_id").alias("value")).distinct(), [shard_of(value, shards), *natural(value)], "entity"
    )
    items, _ = numbered(loaded.select(F.col("item_id").alias("value")).distinct(), natural(value), "item")
    events = loaded.join(entities.withColumnRenamed("value", "entity_id"), "entity_id").join(
        items.withColumnRenamed("value", "item_id"), "item_id"
    )
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
                firsts = every.withColumn("_nth", F.row_number().over(Window.partitionBy(side).orderBy("ts", *PLACE))).where(
                    "_nth = 1"
                )
                side_rows = side_rows.join(firsts.select(side, *names), side, "left")
            else:
                known = tables[origin].select(F.col("key").alias("value"), *names, F.lit(1).alias("_known"))
                side_rows = side_rows.join(known, "value", "left").persist()
                notes[f"{side} values missing from table {origin}"] = side_rows.where("_known IS NULL").count()
                side_rows = side_rows.drop("_known")
        side_rows = side_rows.persist()
        stored: list[str] = []
        puts: list[Put] = []
        for feature in own:
            specs[feature["name"]], put = encode(side_rows, F.coalesce(F.col("_train") > 0, F.lit(False)), feature, write)
            puts.append(put)
            stored += [feature["name"], *([f"raw.{feature['name']}"] if feature["kind"] != "numeric" else [])]
        for put in puts:
            side_rows = put(side_rows)
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
    puts = []
    for feature in own:
        if "buckets" in feature and events.count() > QUANTILE_ROWS:
            unsupported(
                f"features.{feature['name']}",
                f"Of more than {QUANTILE_ROWS} rows limaml prep takes edges from a sample, which is not drawn here.",
            )
        specs[feature["name"]], put = encode(events, F.col("split") == 0, feature, write)
        puts.append(put)
    for put in puts:
        events = put(events)
    order = F.row_number().over(Window.partitionBy("entity", "ts").orderBy(*PLACE)).alias("row")
    stored = [*(["truth"] if "truth" in columns else []), *(feature["name"] for feature in own)]
    write(
        events.select(
            "entity", "item", F.col("ts").alias("timestamp_ms"), "label", "split", order, *(F.col(f"`{name}`") for name in stored)
        ),
        "events",
    )
    in_order = [specs[f["name"]] for side in ("entity", "item", "event") for f in features if f["side"] == side]
    counted = lambda counts: {reason: n for reason, n in counts.items() if n}
    return {
        "dataset": descriptor["name"],
        "features": in_order,
        "descriptor": descriptor,
        "dropped": counted(dropped),
        "notes": counted(notes),
    }
