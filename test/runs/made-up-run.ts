// Folders that look like runs, written without training anything: what a list, a search and a removal look at.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashBytes, hashJson } from '../../src/hash.js';

interface MadeUpRun {
  readonly experiment?: string;
  readonly id: string;
  readonly model?: string;
  readonly dataHash?: string;
  readonly dataset?: string;
  readonly seed?: number;
  readonly steps?: number;
  readonly baselineOf?: string | null;
  readonly origins?: Readonly<Record<string, string>>;
  /** False leaves DONE out. */
  readonly finished?: boolean;
  readonly startedAt?: string;
  /** Validation metrics at the best epoch. */
  readonly valid?: Readonly<Record<string, number>>;
  /** Test AUC by the id of the run, its own first; none leaves the evaluation out. */
  readonly tested?: Readonly<Record<string, number>>;
}

const seal = (value: object): string => JSON.stringify({ ...value, sha256: hashJson(value) });

/** Writes the run into `<cwd>/experiments/<experiment>/runs/<id>`, and returns that folder. */
export function madeUpRun(cwd: string, run: MadeUpRun): string {
  const {
    experiment = 'a',
    id,
    model = 'limaml',
    seed = 1,
    steps = 3,
    finished = true,
    valid = { auc: 0.75 },
  } = run;
  const { dataHash = 'd'.repeat(64), dataset = 'tiny', baselineOf = null, origins = {}, tested } = run;
  const path = join(cwd, 'experiments', experiment, 'runs', id);
  mkdirSync(path, { recursive: true });
  const files: Record<string, string> = {};
  const write = (name: string, text: string): void => {
    writeFileSync(join(path, name), text);
    files[name] = hashBytes(Buffer.from(text));
  };
  const recipe = { name: experiment, dataset, model: { name: model, inner: { steps } }, seed };
  write(
    'config.json',
    seal({ recipe, origins, dataset: { name: dataset, hash: dataHash, path: '.' }, baselineOf, key: id }),
  );
  write(
    'provenance.json',
    seal(provenance(run.startedAt ?? '2026-01-01T00:00:00.000Z', { dataset, dataHash, seed })),
  );
  write(
    'metrics.jsonl',
    `${JSON.stringify({ phase: 'select', epoch: 1, loss: 0.5, valid: { score: 1, ...valid } })}\n`,
  );
  if (finished)
    writeFileSync(
      join(path, 'DONE'),
      seal({
        format: 'limaml-run',
        version: 1,
        epochs: 1,
        best: { epoch: 1, auc: valid['auc'] ?? null },
        seconds: 2,
        finishedAt: '2026-01-01T00:00:02.000Z',
        files,
      }),
    );
  if (tested !== undefined) writeFileSync(join(path, 'eval.json'), seal(evaluation(tested)));
  return path;
}

function provenance(
  startedAt: string,
  { dataset, dataHash, seed }: { dataset: string; dataHash: string; seed: number },
): object {
  return {
    startedAt,
    command: ['train', 'a'],
    limaml: { version: '0.1.0', code: 'c'.repeat(64) },
    git: null,
    lockfile: null,
    dependencies: { zod: '4.0.0' },
    node: 'v20.0.0',
    platform: 'linux x64',
    cpu: { model: 'a processor', count: 2 },
    memoryBytes: 1,
    engine: { name: 'onnxruntime', version: '1.0.0', device: 'cpu', workers: 0 },
    dataset: { name: dataset, hash: dataHash },
    recipe: { file: 'experiment.yaml', sha256: 'e'.repeat(64) },
    seed,
  };
}

function evaluation(tested: Readonly<Record<string, number>>): object {
  const models = Object.entries(tested).map(([run, auc]) => ({
    model: 'limaml',
    run,
    metrics: { auc: { value: auc, interval: null }, logLoss: { value: 1 - auc, interval: null } },
  }));
  const metrics = [{ name: 'auc', title: 'AUC' }];
  return {
    format: 'limaml-evaluation',
    version: 2,
    models,
    comparisons: [],
    curves: [],
    conditions: [],
    metrics,
  };
}
