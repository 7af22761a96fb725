// The scripts for Spark in one process, over a cluster of this machine: a driver, and two executors in processes of their own.
import { execFile } from 'node:child_process';
import { SPARK } from './python.js';

/** A Python with pyspark, where a JVM is too; .ci/spark makes one. */
export const sparkPython = process.env['LIMAML_TEST_SPARK'] || undefined;

const DRIVER = `
import importlib, json, os, sys
os.environ["PYSPARK_PYTHON"] = sys.executable
from pyspark.sql import SparkSession
# Little data: what costs here is starting, compiling and planning.
java = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
os.environ["PYSPARK_SUBMIT_ARGS"] = f"--driver-java-options '{java}' pyspark-shell"
settings = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.executor.extraJavaOptions": java,
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
}
builder = SparkSession.builder.master("local-cluster[2,1,1024]")
for key, value in settings.items():
    builder = builder.config(key, value)
spark = builder.getOrCreate()
spark.sparkContext.setLogLevel("OFF")
from limaml_bundle import BundleError
from limaml_spark.script import run_script
codes = [run_script(importlib.import_module(name).main, args, BundleError, "ROWS_BAD_CSV") for name, args in json.load(sys.stdin)]
executors = len(spark.sparkContext._jsc.sc().statusTracker().getExecutorInfos()) - 1
print("\\n" + json.dumps({"codes": codes, "executors": executors}))
spark.stop()
`;

export interface ScriptsRun {
  /** Exit code of each. */
  readonly codes: readonly number[];
  readonly executors: number;
  readonly stderr: string;
}

/** Runs scripts, a name and arguments each, one after the other. */
export function runScripts(scripts: readonly (readonly [string, readonly string[]])[]): Promise<ScriptsRun> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PYTHONPATH: SPARK, PYTHONDONTWRITEBYTECODE: '1' };
    const child = execFile(
      sparkPython!,
      ['-c', DRIVER],
      { env, maxBuffer: 2 ** 28 },
      (error, stdout, stderr) => {
        if (error !== null) reject(new Error(`${error.message}\n${stderr}`));
        else
          resolve({
            ...(JSON.parse(stdout.trim().split('\n').at(-1)!) as Omit<ScriptsRun, 'stderr'>),
            stderr,
          });
      },
    );
    child.stdin!.end(JSON.stringify(scripts));
  });
}
