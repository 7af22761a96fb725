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
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F

from limaml_bundle import Bundle, BundleError, LogReader
from limaml_spark.arrow import columns_of, whole_members
from limaml_spark.bundle import arguments, bundle_table, open_on, side_features
from limaml_spark.events import read_events
from limaml_spark.history import with_history
from limaml_spark.rows import read_rows
from limaml_spark.script import run_script
from limaml_spark.support import merged

VECTORS = "entity string, vector array<float>, support int, last_event_ms long"
"""What is written, and `model`: the hash of the graph that made them, by which `limaml refresh --vectors` takes them in."""


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
    spark, bundle, manifest = open_on("adapt", options)
    folder = options.bundle
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
    sys.exit(run_script(main, sys.argv[1:], BundleError, "ROWS_BAD_CSV"))
