// spark/prep.py against limaml prep: the same descriptors, the same raw files, and content that is the same to the hash.
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealPrepared } from '../../src/prepared/seal/seal.js';
import { silent } from '../../src/progress.js';
import { runMain } from '../cli/in-process.js';
import { type Folder, temporaryFolder } from '../prep/prep-harness.js';
import { SPARK } from './python.js';
import {
  changed,
  movielensFiles,
  REFUSED,
  RICH,
  richFiles,
  synthetic,
  syntheticFiles,
} from './spark-prep-logs.js';

/** A Python with pyspark, where a JVM is too; .ci/spark makes one. */
const sparkPython = process.env['LIMAML_TEST_SPARK'] || undefined;
if (sparkPython === undefined)
  console.warn('SKIPPED: spark/prep.py is not run, because LIMAML_TEST_SPARK names no Python with pyspark.');

const DRIVER = `
import contextlib, io, json, os, sys
os.environ["PYSPARK_PYTHON"] = sys.executable
os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
os.environ["PYSPARK_SUBMIT_ARGS"] = "--driver-java-options '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' pyspark-shell"
import prep
from pyspark.sql import SparkSession
builder = SparkSession.builder.master("local[2]")
# Little data: what costs here is planning and compiling.
for key, value in {"ui.enabled": "false", "ui.showConsoleProgress": "false", "sql.codegen.wholeStage": "false",
    "sql.codegen.factoryMode": "NO_CODEGEN", "sql.adaptive.enabled": "false", "sql.shuffle.partitions": "1"}.items():
    builder = builder.config("spark." + key, value)
spark = builder.getOrCreate()
spark.sparkContext.setLogLevel("OFF")
out = []
for partitions, args in json.load(sys.stdin):
    spark.conf.set("spark.sql.shuffle.partitions", partitions)
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        code = prep.run_script(prep.main, args, prep.ScriptError, "DATA_BAD_ROWS")
    out.append({"code": code, "said": said.getvalue()})
print("\\n" + json.dumps(out))
spark.stop()
`;

interface Answer {
  readonly code: number;
  readonly said: string;
}

function runPrep(
  jobs: readonly (readonly [partitions: number, args: readonly string[]])[],
): Promise<readonly Answer[]> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PYTHONPATH: SPARK, PYTHONDONTWRITEBYTECODE: '1' };
    const child = execFile(
      sparkPython!,
      ['-c', DRIVER],
      { env, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        if (error === null) resolve(JSON.parse(stdout.trim().split('\n').at(-1)!) as readonly Answer[]);
        else reject(new Error(`${error.message}\n${stderr}`));
      },
    );
    child.stdin!.end(JSON.stringify(jobs));
  });
}

/** Name of the log, its folder of raw files, and the partitions that Spark sorts into. */
const LOGS = [
  ['synthetic', 1],
  ['movielens-100k', 1],
  ['rich', 3],
] as const;

describe.skipIf(sparkPython === undefined)('a log that is prepared on a cluster', () => {
  let folder: Folder;
  let answers: ReadonlyMap<string, Answer>;
  const at = (...parts: readonly string[]): string => join(folder.path, ...parts);

  beforeAll(async () => {
    folder = await temporaryFolder();
    await mkdir(at('datasets'));
    await writeFile(at('datasets/synthetic.yaml'), await synthetic());
    await writeFile(at('datasets/rich.yaml'), RICH);
    await syntheticFiles(at('datasets/synthetic.yaml'), at('data'));
    for (const [name, content] of [...movielensFiles(), ...richFiles()])
      await folder.write(join('data', name), content);
    const jobs: [number, readonly string[]][] = [];
    const names: string[] = [];
    const add = (name: string, partitions: number, descriptor: string, data: string): void => {
      names.push(name);
      jobs.push([
        partitions,
        ['--descriptor', descriptor, '--data', at('data', data), '--out', at('cluster', name)],
      ]);
    };
    for (const [name, partitions] of LOGS) {
      const data = name === 'movielens-100k' ? 'ml-100k' : name;
      const described = await runMain(['prep', 'describe', name, '--data', at('data', data)], {
        cwd: folder.path,
      });
      expect(described).toMatchObject({ code: 0 });
      await writeFile(at(`${name}.json`), described.stdout);
      add(name, partitions, at(`${name}.json`), data);
    }
    const rich = JSON.parse(await readFile(at('rich.json'), 'utf8')) as object;
    for (const [name, part, keys] of REFUSED) {
      await writeFile(at(`${name}.json`), JSON.stringify(changed(rich, part, keys)));
      add(name, 1, at(`${name}.json`), 'rich');
    }
    add('broken', 1, at('rich.json'), 'broken');
    await writeFile(at('no.json'), '[');
    await writeFile(at('other.json'), '{"events":{}}');
    for (const name of ['none', 'no', 'other']) add(name, 1, at(`${name}.json`), 'rich');
    const ran = await runPrep(jobs);
    answers = new Map(names.map((name, n) => [name, ran[n]!]));
  });
  afterAll(() => folder.remove());

  it.each(LOGS)('%s has the content that limaml prep gives it, to the hash', async (name) => {
    expect(answers.get(name)).toEqual({ code: 0, said: '' });
    const data = name === 'movielens-100k' ? 'ml-100k' : name;
    const prepared = await runMain(['prep', name, '--data', at('data', data), '--out', 'own', '--json'], {
      cwd: folder.path,
    });
    expect(prepared).toMatchObject({ code: 0 });
    const seal = (path: string, out: string) =>
      sealPrepared({ folder: path, outDirectory: at(out), memoryLimitMb: 256, progress: silent });
    const own = await seal((JSON.parse(prepared.stdout) as { path: string }).path, 'sealed-own');
    const cluster = await seal(at('cluster', name), 'sealed-cluster');
    const { sources: _sources, sha256: _own, ...expected } = own.manifest;
    expect(cluster.manifest).toMatchObject(JSON.parse(JSON.stringify(expected)) as object);
    expect(cluster.manifest.rows).toBeGreaterThan(100);
  });

  it('is refused where a line is no row', () => {
    expect(answers.get('broken')).toMatchObject({
      code: 2,
      said: expect.stringMatching(/DATA_BAD_ROWS.*too many or too few fields/),
    });
  });

  it('is refused where the descriptor is none', () => {
    const refused = ['none', 'no', 'other'].map((name) => answers.get(name));
    expect(refused).toEqual(
      [
        /^error DESCRIPTOR_MISSING .*none\.json: .*\n$/,
        /^error DESCRIPTOR_INVALID .*no\.json: /,
        /^error DESCRIPTOR_INVALID .*other\.json: /,
      ].map((said) => ({ code: 2, said: expect.stringMatching(said) })),
    );
  });

  it('is trained on', async () => {
    const sealed = await runMain(['prep', 'seal', 'cluster/movielens-100k', '--out', 'trained', '--json'], {
      cwd: folder.path,
    });
    const { path } = JSON.parse(sealed.stdout) as { path: string };
    await folder.write(
      'experiments/films/experiment.yaml',
      `name: films\ndataset: ${path}\nmodel: { name: deep }\ntraining: { epochs: 1 }\nexecution: { workers: 0 }\n`,
    );
    expect(await runMain(['train', 'films'], { cwd: folder.path })).toMatchObject({ code: 0 });
  });

  it.each(REFUSED.map(([name, , , what]) => [name, what] as const))(
    'is refused by name: %s',
    (name, what) => {
      expect(answers.get(name)).toMatchObject({ code: 2, said: expect.stringMatching(what) });
    },
  );
});
