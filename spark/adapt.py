"""Meta embeddings of members on Spark: support rows, or events as the raw log has them, in; vectors in Parquet out.

    python spark/adapt.py --master 'local[2]' --bundle bundle --events log.csv --out vectors
    spark-submit spark/adapt.py --bundle bundle --events new.parquet --stored --out vectors

Without --stored the events are all that is known of a member, as at `limaml export`; with it they come to the support rows
that the bundle keeps, as at `limaml refresh`, and members whose support does not change are left out. Of equal times the
order is that of --order; where that leaves it open and it matters, the script stops.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F

from limaml_bundle import Bundle, BundleError, LogReader, Manifest, input_kind, merge_support, read_manifest
from limaml_spark import (
    SPARK_TYPES,
    arguments,
    arrow_of,
    bundle_table,
    columns_of,
    ddl,
    read_rows,
    run_script,
    session,
    shared_bundle,
    side_features,
    whole_members,
    with_history,
)

OWN = {"entity": "string", "item": "string", "timestamp_ms": "long", "label": "int"}
VECTORS = "entity string, vector array<float>, support int, last_event_ms long"
"""What is written, and `model`: the hash of the graph that made them, by which `limaml refresh --vectors` takes them in."""


def read_events(rows: DataFrame, manifest: Manifest, order: list[str]) -> tuple[DataFrame, list[str], dict[str, str]]:
    """Events in the bundle's own columns, with `_copy` and `_order0`, …; history features that they lack; types of the own columns."""
    reader = LogReader(manifest)
    header: dict[str, list[Any]] = {name: [] for name in rows.columns}
    _, _, lacking = reader.read_events(header)
    kinds = {
        **OWN,
        **{entry["name"]: SPARK_TYPES[input_kind(entry)] for entry in reader.event_inputs() if entry["name"] not in lacking},
    }
    for name in order:
        if name not in rows.columns:
            raise BundleError("ORDER_COLUMN", "--order", f'There is no column "{name}".', f"Columns: {', '.join(rows.columns)}.")
    ordered = {f"_order{place}": rows.schema[name].dataType.simpleString() for place, name in enumerate(order)}

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        reader = LogReader(manifest)
        for batch in batches:
            if batch.num_rows == 0:
                continue
            found, of, _ = reader.read_events(columns_of(batch, where="events"))
            own = arrow_of(found, kinds)
            copy = np.zeros(len(of), np.int32)
            same = np.flatnonzero(of[1:] == of[:-1]) + 1
            for row in same.tolist():
                copy[row] = copy[row - 1] + 1
            more = [pa.array(copy), *(batch.column(name).take(pa.array(of)) for name in order)]
            yield pa.RecordBatch.from_arrays([*own.columns, *more], names=[*kinds, "_copy", *ordered])

    return rows.mapInArrow(read, ddl({**kinds, "_copy": "int", **ordered})), lacking, kinds


def merged(
    events: DataFrame, stored: DataFrame | None, bundle: Any, kinds: Mapping[str, str], orders: int, earliest: int | None
) -> DataFrame:
    """Rows that are kept as support, by `_place`, and new events (`_fresh`), for members whose support changes."""
    names = [*kinds]
    tie = [f"_order{n}" for n in range(orders)]
    events = events.withColumn("_stored", F.lit(0))
    if stored is not None:
        events = events.unionByName(
            stored.withColumn("_stored", F.lit(1)).withColumnRenamed("place", "_copy"), allowMissingColumns=True
        )
    sort: list[Any] = ["entity", "timestamp_ms", F.desc("_stored"), *tie, "_copy"]
    out = {**kinds, "_fresh": "boolean", "_place": "int"}

    def merge(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        opened: Bundle = bundle()
        for table in whole_members(batches):
            rows, fresh, place = _kept(opened, table, names, tie, earliest)
            if len(rows):
                taken = table.select(names).take(pa.array(rows)).combine_chunks().to_batches()[0]
                more = [pa.array(fresh), pa.array(place)]
                yield pa.RecordBatch.from_arrays([*taken.columns, *more], names=[*out])

    return events.repartition(F.col("entity")).sortWithinPartitions(*sort).mapInArrow(merge, ddl(out))


def _kept(bundle: Bundle, table: pa.Table, names: list[str], tie: list[str], earliest: int | None) -> tuple[Any, Any, Any]:
    """Rows of a table of whole members that are kept (with their places; -1 for new events that are not) or new."""
    most = bundle.max_support or 0
    entity, item = (table.column(name).to_pylist() for name in ("entity", "item"))
    ms, label, stored = (table.column(name).to_numpy() for name in ("timestamp_ms", "label", "_stored"))
    keys = np.array(entity, object)
    same = keys[1:] == keys[:-1] if len(keys) > 1 else np.empty(0, bool)
    starts = np.flatnonzero(np.append(True, ~same)).tolist()
    _require_order(table, names, tie, same & (ms[1:] == ms[:-1]) & (stored[1:] == 0) & (stored[:-1] == 0))
    rows: list[int] = []
    fresh: list[bool] = []
    places: list[int] = []
    for start, end in zip(starts, [*starts[1:], len(keys)]):
        # Stored rows first: the rows of a member come by time.
        mine = np.argsort(-stored[start:end], kind="stable") + start
        own = int(stored[start:end].sum())
        if own == 0 and not bundle.reader.once:
            kept, new = list(range(max(0, end - start - most), end - start)), set(range(end - start))
        else:
            found = merge_support(
                own, [item[row] for row in mine], ms[mine].tolist(), label[mine].tolist(), most, bundle.reader.once
            )
            kept, new = found.kept, set(found.fresh)
            if kept == list(range(own)) and not (new and earliest is not None):
                continue
        if earliest is not None and any(ms[mine[row]] < earliest for row in new):
            what = f"An event is new, and of a time before {earliest}, up to which the bundle has counted events."
            raise BundleError(
                "EVENTS_BEFORE_HISTORY", f"entity {entity[start]}", what, "Give history features in columns, or export again."
            )
        place_of = {row: place for place, row in enumerate(kept)} if kept != list(range(own)) else {}
        for row in sorted({*place_of, *new}):
            rows.append(int(mine[row]))
            fresh.append(row in new)
            places.append(place_of.get(row, -1))
    return rows, fresh, np.array(places, np.int32)


def _require_order(table: pa.Table, names: list[str], tie: list[str], equal: Any) -> None:
    """Raises TIES_UNORDERED where two new events of a member at one time differ, and nothing says which comes first."""
    for row in (np.flatnonzero(equal)).tolist():
        pair = table.slice(row, 2).select([*names, *tie, "_copy"]).to_pylist()
        if all(pair[0][name] == pair[1][name] for name in [*tie, "_copy"]) and pair[0] != pair[1]:
            what = f"Two events at {pair[0]['timestamp_ms']} ms differ, and nothing says which comes first."
            raise BundleError(
                "TIES_UNORDERED",
                f"entity {pair[0]['entity']}",
                what,
                "Name columns that say it: --order item, or the place in the log.",
            )


def adapted(support: DataFrame, bundle: Any) -> DataFrame:
    """Vectors of members; support rows have every column that adapt.onnx reads."""

    def adapt(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        opened: Bundle = bundle()
        for table in whole_members(batches):
            found = opened.adapt(columns_of(table))
            flat = pa.array(found.vector.ravel())
            offsets = pa.array(np.arange(len(found.entity) + 1, dtype=np.int32) * found.vector.shape[1])
            arrays = [
                pa.array(list(found.entity)),
                pa.ListArray.from_arrays(offsets, flat),
                pa.array(found.support.astype(np.int32)),
                pa.array(found.last_event_ms.astype(np.int64)),
            ]
            yield pa.RecordBatch.from_arrays(arrays, names=["entity", "vector", "support", "last_event_ms"])

    return support.repartition(F.col("entity")).sortWithinPartitions("entity", "_place").mapInArrow(adapt, VECTORS)


def main(args: list[str]) -> None:
    parser = arguments(__doc__)
    parser.add_argument("--events", required=True, help="file or folder: columns of the log, or of support.parquet")
    parser.add_argument("--stored", action="store_true", help="add the events to the support rows that the bundle keeps")
    parser.add_argument(
        "--order", default="", help="columns, by commas, that say which of equal times comes first (place, where there is one)"
    )
    options = parser.parse_args(args)
    spark = session("adapt", options.master)
    if options.partitions:
        spark.conf.set("spark.sql.shuffle.partitions", options.partitions)
    folder = options.bundle
    bundle = shared_bundle(spark, folder)
    manifest = read_manifest(Path(folder, "manifest.json").read_bytes(), folder)
    if manifest["adapt"] is None:
        raise BundleError(
            "REFRESH_NO_VECTORS", folder, f'Model "{manifest["model"]["name"]}" adapts nothing.', "Score without vectors."
        )
    rows = read_rows(spark, options.events, options.format, LogReader(manifest))
    order = [name for name in options.order.split(",") if name] or [name for name in ["place"] if name in rows.columns]
    events, lacking, kinds = read_events(rows, manifest, order)
    history = manifest["history"]
    stored = bundle_table(spark, folder, "support") if options.stored else None
    earliest = history["cutoffMs"] if options.stored and lacking and history is not None else None
    if stored is not None:
        own = stored.select(*[F.col(name).cast(kind) for name, kind in kinds.items()], *lacking, "place")
        support = merged(events, own, bundle, {**kinds, **{name: "double" for name in lacking}}, len(order), earliest)
    else:
        support = merged(events, None, bundle, kinds, len(order), None)
    if lacking:
        support = support.persist()
        fresh = support.where("_fresh")
        past = bundle_table(spark, folder, "history") if options.stored else None
        told = with_history(fresh.drop(*lacking), lacking, history, past, fresh)
        support = told.unionByName(support.where("not _fresh"), allowMissingColumns=True)
    support = support.where("_place >= 0")
    for side, file in (("item", "items"), ("entity", "entities")):
        features = side_features(manifest, side, "adapt")
        table = bundle_table(spark, folder, file) if features else None
        if table is not None:
            support = support.join(table.select(side, *dict.fromkeys(entry["name"] for entry in features)), side, "left")
    seen = Observation("adapted")
    vectors = adapted(support, bundle).observe(seen, F.count(F.lit(1)).alias("members"), F.sum("support").alias("support"))
    vectors.withColumn("model", F.lit(manifest["files"]["adapt.onnx"]["sha256"])).write.parquet(options.out)
    print(json.dumps({"out": options.out, "bundle": manifest["hash"], **seen.get}))


if __name__ == "__main__":
    sys.exit(run_script(main, sys.argv[1:]))
