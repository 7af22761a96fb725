"""A Spark session whose workers find limaml_bundle.py and this package."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import sys
import tempfile
from pathlib import Path

from pyspark.sql import SparkSession


SCRIPTS = Path(__file__).resolve().parent.parent
"""Where limaml_bundle.py and this package lie: a folder, or the zip of --py-files, which Spark gives to the workers itself."""


@functools.cache
def package_zip() -> str:
    """This package as one file. Executors fetch it as they start, so it lies there as long as the driver runs."""
    folder = tempfile.mkdtemp(prefix="limaml-spark-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return shutil.make_archive(f"{folder}/limaml_spark", "zip", SCRIPTS, "limaml_spark")


def session(name: str, master: str | None) -> SparkSession:
    """A session whose workers find the modules; the one that there is, where there is one."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName(f"limaml {name}")
    if master is not None:
        builder = builder.master(master)
    settings = {
        "spark.sql.session.timeZone": "UTC",
        # Else a row of too few or too many fields is not noticed.
        "spark.sql.csv.parser.columnPruning.enabled": "false",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "10000",
    }
    spark = builder.getOrCreate()
    for key, value in settings.items():
        spark.conf.set(key, value)
    if SCRIPTS.is_dir():
        for module in (str(SCRIPTS / "limaml_bundle.py"), package_zip()):
            spark.sparkContext.addPyFile(module)
    return spark
