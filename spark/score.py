"""Rows and vectors to probabilities on Spark, as `limaml score` says them.

    python spark/score.py --master 'local[2]' --bundle bundle --rows rows.csv --lookup --out scored
    spark-submit spark/score.py --bundle bundle --rows rows.parquet --vectors vectors --out scored

Rows come out with all their columns and `probability`, in no order. Without --vectors those of the bundle are taken. A member
without a vector is scored with the prior, on those of its features that the row brings; how many rows, the script says.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F
from pyspark.sql.types import BooleanType, FloatType, LongType, StringType, StructField, StructType

from limaml_bundle import Bundle, BundleError, LogReader, Vectors
from limaml_spark.arrow import columns_of
from limaml_spark.bundle import arguments, bundle_table, open_on, side_features
from limaml_spark.history import with_history
from limaml_spark.rows import read_rows
from limaml_spark.script import run_script

IDS = {"entity": "_entity", "item": "_item"}


def with_ids(rows: DataFrame, manifest: dict[str, Any], timed: bool) -> DataFrame:
    """Rows with `_entity`, `_item` (null where there is no column of them) and, where `timed`, `_ms`."""

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        reader = LogReader(manifest)
        for batch in batches:
            columns = columns_of(batch)
            more = []
            for side in IDS:
                ids = reader.row_id(side, columns)
                more.append(pa.nulls(batch.num_rows, pa.string()) if ids is None else pa.array(list(ids), pa.string()))
            if timed:
                ms = reader.row_time(columns)
                cutoff = manifest["history"]["cutoffMs"]
                if ms is None or np.isnan(ms).any() or (cutoff is not None and (ms < cutoff).any()):
                    raise BundleError(
                        "SCORE_HISTORY_TIME",
                        "rows",
                        f"A row has no time, or one before {cutoff}, up to which the bundle has counted events.",
                        "Give history features in columns, or rows of a later time.",
                    )
                more.append(pa.array(ms.astype(np.int64)))
            yield pa.RecordBatch.from_arrays(
                [*batch.columns, *more], names=[*batch.schema.names, *IDS.values(), *(["_ms"] if timed else [])]
            )

    own = [StructField(name, StringType()) for name in IDS.values()]
    times = [StructField("_ms", LongType())] if timed else []
    return rows.mapInArrow(read, StructType([*rows.schema.fields, *own, *times]))


def scored(rows: DataFrame, header: list[str], schema: StructType, known: dict[str, str], bundle: Any) -> DataFrame:
    """Rows with `probability` and `_prior`. `known`: columns of looked-up values by input."""

    def score(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        opened: Bundle = bundle()
        for batch in batches:
            found = columns_of(batch, header)
            looked_up = {name: columns_of(batch, [column])[column] for name, column in known.items()}
            vectors = None if opened.dimensions is None else vectors_of(batch.column("_vector"), opened)
            absent = np.zeros(batch.num_rows, bool) if vectors is None else np.isnan(vectors).all(axis=1)
            probability = opened.score(found, vectors, known=looked_up).probability
            arrays = [*(batch.column(name) for name in header), pa.array(probability), pa.array(absent)]
            yield pa.RecordBatch.from_arrays(arrays, names=[*header, "probability", "_prior"])

    return rows.mapInArrow(
        score, StructType([*schema.fields, StructField("probability", FloatType()), StructField("_prior", BooleanType())])
    )


def vectors_of(column: pa.Array, bundle: Bundle) -> Vectors:
    """Vectors [rows, size] of a column of lists, or of bytes as the bundle packs them; NaN where there is none. Raises VECTOR_SHAPE."""
    size = bundle.dimensions or 0
    vectors = np.full((len(column), size), np.nan, np.float32)
    there = np.flatnonzero(np.asarray(column.is_valid()))
    if pa.types.is_binary(column.type):
        held = bundle.unpack(column.take(pa.array(there)).to_pylist())
    else:
        lengths = np.asarray(column.value_lengths().take(pa.array(there)))
        if (lengths != size).any():
            what = f"A vector has {lengths[lengths != size][0]} numbers, not {size}."
            raise BundleError("VECTOR_SHAPE", "vectors", what, "Pass the vectors of this bundle.")
        held = column.flatten().to_numpy(zero_copy_only=False).reshape(-1, size)
    if not np.isfinite(held).all():
        raise BundleError("VECTOR_NOT_FINITE", "vectors", "A number of a vector is not finite.", "Export or refresh again.")
    vectors[there] = held
    return vectors


def main(args: list[str]) -> None:
    parser = arguments(__doc__)
    parser.add_argument("--rows", required=True, help="file or folder of rows to score")
    parser.add_argument("--vectors", help="folder of vectors: entity, vector (default: the bundle's)")
    parser.add_argument(
        "--lookup", action="store_true", help="take features of entities and items, and history, that rows lack from the bundle"
    )
    parser.add_argument("--out-format", choices=["parquet", "csv"], default="parquet")
    options = parser.parse_args(args)
    spark, bundle, manifest = open_on("score", options)
    folder = options.bundle
    reader = LogReader(manifest)
    rows = read_rows(spark, options.rows, options.format, reader)
    header, schema = rows.columns, rows.schema
    if "probability" in header:
        raise BundleError(
            "SCORE_COLUMN_TAKEN",
            options.rows,
            'There is a column "probability" already, which is what scoring adds.',
            "Rename or remove it.",
        )
    empty: dict[str, list[Any]] = {name: [] for name in header}
    lacking = [entry for entry in manifest["inputs"]["score"] if reader.row_value(entry, empty) is None]
    history = manifest["history"] if options.lookup else None
    computed = [
        one["name"] for one in (history or {}).get("features", []) if any(entry["name"] == one["name"] for entry in lacking)
    ]
    known: dict[str, str] = {}
    rows = with_ids(rows, manifest, bool(computed))
    if manifest["adapt"] is not None:
        vectors = spark.read.parquet(options.vectors or f"{folder}/embeddings.parquet")
        rows = rows.join(vectors.select(F.col("entity").alias("_entity"), F.col("vector").alias("_vector")), "_entity", "left")
    for side, file in (("item", "items"), ("entity", "entities")):
        wanted = [entry["name"] for entry in side_features(manifest, side, "score") if entry in lacking and options.lookup]
        table = bundle_table(spark, folder, file) if wanted else None
        if table is None:
            continue
        renamed = {name: f"_known_{name}" for name in wanted}
        rows = rows.join(
            table.select(F.col(side).alias(IDS[side]), *(F.col(name).alias(to) for name, to in renamed.items())),
            IDS[side],
            "left",
        )
        known.update(renamed)
    if history is not None and computed:
        plain = rows.select(
            *(F.col(name).alias(f"_row_{name}") for name in header), *(c for c in rows.columns if c not in header)
        )
        told = with_history(
            plain.withColumnsRenamed({"_entity": "entity", "_item": "item", "_ms": "timestamp_ms"}),
            computed,
            history,
            bundle_table(spark, folder, "history"),
            None,
        )
        own = {"entity": "_entity", "item": "_item", "timestamp_ms": "_ms", **{name: f"_known_{name}" for name in computed}}
        rows = told.withColumnsRenamed(own).withColumnsRenamed({f"_row_{name}": name for name in header})
        known.update({name: f"_known_{name}" for name in computed})
    seen = Observation("scored")
    result = scored(rows, header, schema, known, bundle)
    result = result.observe(seen, F.count(F.lit(1)).alias("rows"), F.sum(F.col("_prior").cast("long")).alias("priors")).drop(
        "_prior"
    )
    if options.partitions:
        result = result.coalesce(options.partitions)
    if options.out_format == "csv":
        result.write.option("header", True).csv(options.out)
    else:
        result.write.parquet(options.out)
    print(json.dumps({"out": options.out, "bundle": manifest["hash"], "lookedUp": sorted(known), **seen.get}))


if __name__ == "__main__":
    sys.exit(run_script(main, sys.argv[1:], BundleError, "ROWS_BAD_CSV"))
