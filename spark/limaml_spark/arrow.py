"""Batches of Arrow as columns of limaml_bundle.py and back; tables of whole members."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from limaml_bundle import BundleError


SPARK_TYPES = {"text": "string", "texts": "array<string>", "number": "double"}
BATCH_ROWS = 50_000
"""Rows that are gathered before the graphs run: enough to put members of like support together."""


def columns_of(batch: pa.RecordBatch | pa.Table, names: Iterable[str] | None = None, where: str = "rows") -> dict[str, Any]:
    """Columns of a batch as limaml_bundle takes them. Raises ROWS_BAD_ENCODING where bytes were no UTF-8."""
    found: dict[str, Any] = {}
    for name in names or batch.schema.names:
        column = batch.column(name)
        if pa.types.is_floating(column.type) or (pa.types.is_integer(column.type) and column.null_count == 0):
            found[name] = column.to_numpy(zero_copy_only=False) if isinstance(column, pa.Array) else column.to_numpy()
            continue
        found[name] = column.to_pylist()
        if pa.types.is_string(column.type) and any("\ufffd" in text for text in set(found[name]) if text is not None):
            raise BundleError("ROWS_BAD_ENCODING", f"{where} › {name}", "A text is not UTF-8.", "Pass the rows in UTF-8.")
    return found


def arrow_of(columns: Mapping[str, Any], kinds: Mapping[str, str]) -> pa.RecordBatch:
    """Columns as a batch: texts and numbers that are missing are null. `kinds`: Spark's types by name."""
    types = {
        "string": pa.string(),
        "array<string>": pa.list_(pa.string()),
        "double": pa.float64(),
        "long": pa.int64(),
        "int": pa.int32(),
        "boolean": pa.bool_(),
    }
    arrays = []
    for name, kind in kinds.items():
        values = columns[name]
        if kind == "string":
            values = [None if text == "" else text for text in values]
        if kind in ("long", "int", "boolean"):
            arrays.append(pa.array(np.asarray(values).astype({"long": np.int64, "int": np.int32, "boolean": np.bool_}[kind])))
        else:
            arrays.append(pa.array(values, types[kind], from_pandas=kind == "double"))
    return pa.RecordBatch.from_arrays(arrays, names=list(kinds))


def ddl(kinds: Mapping[str, str]) -> str:
    return ", ".join(f"`{name}` {kind}" for name, kind in kinds.items())


def whole_members(batches: Iterator[pa.RecordBatch], rows: int = BATCH_ROWS) -> Iterator[pa.Table]:
    """Batches sorted by `entity` as larger tables in which all rows of a member are."""
    held: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        if batch.num_rows == 0:
            continue
        held.append(batch)
        count += batch.num_rows
        if count < rows:
            continue
        table = pa.Table.from_batches(held).combine_chunks()
        entity = table.column("entity").to_pylist()
        cut = len(entity) - 1
        while cut > 0 and entity[cut - 1] == entity[-1]:
            cut -= 1
        if cut > 0:
            yield table.slice(0, cut)
        # The last member's rows may go on in the next batch.
        held = table.slice(cut).to_batches()
        count -= cut
    if held:
        yield pa.Table.from_batches(held).combine_chunks()
