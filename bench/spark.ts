// npm run bench -- spark [--json]: processor time of a member adapted and of a row scored, here, in Python and on Spark; and what that makes of a cluster.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openBundle } from '../src/bundle/open.js';
import { adaptStored } from '../src/serving/adapt-stored.js';
import { textTable } from './compare/text-table.js';
import { python, unmetNeeds } from './engines/peer-needs.js';
import { madeUpBundle } from './serve/made-up-bundle.js';
import { CLUSTER, MACHINES, minuteRows } from './spark/minutes.js';

/** Seconds of one core. */
interface Rates {
  readonly adapt: number;
  readonly score: number | null;
}

interface SparkBenchResult {
  readonly members: number;
  /** Support rows of all of them, and rows scored. */
  readonly rows: number;
  readonly limaml: Rates;
  readonly module: Rates | null;
  readonly spark: Rates | null;
}

export async function benchSpark(places: {
  readonly root: string;
  readonly note: (text: string) => void;
}): Promise<{ readonly result: SparkBenchResult; readonly report: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'limaml-bench-spark-'));
  try {
    places.note('a made-up bundle');
    const { folder: bundle } = await madeUpBundle(folder, places.root);
    const own = await adaptedHere(bundle);
    const why = unmetNeeds([{ name: 'python', needs: 'pyarrow' }]).get('python');
    if (why !== undefined) places.note(`skipped Python and Spark: ${why}`);
    const peer = why === undefined ? await peers(bundle, folder, places.root) : { module: null, spark: null };
    if (peer.spark === null) places.note('skipped Spark: no pyspark or no Java there');
    const result = { ...own, ...peer };
    return { result, report: report(result) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** All members adapted by this program on one thread; the second time counts. */
async function adaptedHere(folder: string): Promise<Pick<SparkBenchResult, 'members' | 'rows' | 'limaml'>> {
  const bundle = await openBundle(folder);
  try {
    let [members, rows, seconds] = [0, 0, 0];
    for (let turn = 0; turn < 2; turn++) {
      [members, rows] = [0, 0];
      const before = process.cpuUsage();
      for await (const piece of adaptStored(bundle, bundle.store.support({ share: 1, seed: 1 }))) {
        members += piece.entities.length;
        rows += piece.rows.rows;
      }
      const { user, system } = process.cpuUsage(before);
      seconds = (user + system) / 1e6;
    }
    return { members, rows, limaml: { adapt: seconds, score: null } };
  } finally {
    await bundle.close();
  }
}

async function peers(
  bundle: string,
  work: string,
  root: string,
): Promise<Pick<SparkBenchResult, 'module' | 'spark'>> {
  const script = join(root, 'bench', 'peers', 'spark_rates.py');
  const args = [script, '--bundle', bundle, '--work', work, '--spark', join(root, 'spark')];
  const { stdout } = await promisify(execFile)(python, args, { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Pick<SparkBenchResult, 'module' | 'spark'>;
}

function report({ members, rows, limaml, module, spark }: SparkBenchResult): string {
  const each = Math.round(rows / members);
  const row = (name: string, rates: Rates | null): string[] => [
    name,
    rates === null ? '–' : (members / rates.adapt).toFixed(0),
    rates === null || rates.score === null ? '–' : (rows / rates.score).toFixed(0),
  ];
  const rates = textTable(
    [`${members} members, ${each} support rows each`, 'members a core second', 'rows scored a core second'],
    [row('limaml', limaml), row('limaml_bundle.py', module), row('Spark', spark)],
  );
  if (spark === null) return rates;
  const { coresAMachine, efficiency } = CLUSTER;
  const head = ['minutes', ...MACHINES.map((machines) => `${machines} machine${machines === 1 ? '' : 's'}`)];
  return `${rates}\n\nMachines of ${coresAMachine} cores, ${100 * efficiency} % of their time at work:\n\n${textTable(head, minuteRows(spark.adapt / members))}`;
}
