"""Which events are new, and which rows are kept as support, member by member."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from limaml_bundle import Bundle, BundleError, merge_support

from .arrow import ddl, whole_members


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
