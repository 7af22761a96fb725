"""Events of a raw log, or of support.parquet, in the bundle's own columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame

from limaml_bundle import BundleError, LogReader, Manifest, input_kind

from .arrow import SPARK_TYPES, arrow_of, columns_of, ddl


OWN = {"entity": "string", "item": "string", "timestamp_ms": "long", "label": "int"}


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
