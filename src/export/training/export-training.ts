// The outer steps of a training for other engines: the graph (tile in, gradients out), the numbers it starts from, tiles, and losses.
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFolderAtomic, writeJsonAtomic } from '../../atomic-files.js';
import type { ExecutionConfig } from '../../engine/execution-config.js';
import { loadSource } from '../../engine/features/load-source.js';
import { initialState } from '../../engine/model-state.js';
import { TRAIN } from '../../engine/programs/program-key.js';
import { trainingProgram } from '../../engine/programs/programs.js';
import { groupsOf } from '../../engine/runner/model-side.js';
import { openRunner } from '../../engine/runner/open-runner.js';
import { UserError } from '../../errors.js';
import { programInputs, toOnnx } from '../../graph/onnx/model.js';
import type { Model } from '../../models/contract/definition.js';
import type { PreparedDataset } from '../../prepared/dataset.js';
import type { Progress } from '../../progress.js';
import { SELECT_ROLES } from '../../scoring/learning-rows.js';
import { placebo } from '../../scoring/served-support.js';
import { epochBatches } from '../../training/batches.js';
import type { TrainingConfig } from '../../training/config.js';
import { trainStep } from '../../training/step.js';
import type { SupportShares } from '../../training/support-shares.js';
import { type AnyTensor, writeAnyTensors } from './tensor-file.js';
import { type TileParts, tileTensors } from './tile-tensors.js';

const TRAINING_FILE = 'training.json';
const FORMAT = { name: 'limaml-training', version: 1 } as const;

interface TrainingToExport {
  readonly model: Model;
  readonly dataset: PreparedDataset;
  readonly training: TrainingConfig;
  readonly execution: ExecutionConfig;
  readonly seed: number;
  /** Of a model that learns by episodes. */
  readonly supports: SupportShares | undefined;
  /** Outer steps from the first. */
  readonly steps: number;
  readonly outDirectory: string;
  readonly progress: Progress;
}

export interface ExportedTraining {
  readonly steps: number;
  readonly tiles: number;
  /** Of the first and the last step. */
  readonly losses: readonly [number, number];
}

/**
 * Writes the first steps of the training, taking each of them here too, and what losses came of it. Throws UserError
 * TRAINING_UNSUPPORTED for what is not written: models that learn by counts, running averages, schedules of the rate, penalties over whole tables.
 */
export async function exportTraining(request: TrainingToExport): Promise<ExportedTraining> {
  const { model, outDirectory, progress } = request;
  requireSupported(model);
  await requirePlace(outDirectory);
  progress({ kind: 'stage', name: 'export training', detail: model.name });
  const done: { loss: number; tiles: readonly TileParts[]; file: string }[] = [];
  await writeFolderAtomic(outDirectory, async (folder) => {
    const program = trainingProgram(model);
    await writeFile(join(folder, 'train.onnx'), toOnnx(program));
    const state = initialState(model, request.seed);
    const shapes = new Map<string, readonly number[]>([
      ...model.parameters.map(({ name, shape }) => [name, shape] as const),
      ...model.tables.map(({ name, rows, dim }) => [name, [rows, dim]] as const),
    ]);
    const numbers = new Map([...state.parameters, ...state.tables]);
    await writeAnyTensors(
      join(folder, 'state.safetensors'),
      new Map([...numbers].map(([name, data]) => [name, { data, shape: shapes.get(name)! }])),
    );
    const groups = groupsOf(model);
    const runner = await openRunner(model, state, { ...request.execution, workers: 0 }, [TRAIN]);
    try {
      const stepper = trainStep(model, state, runner, request.training.clip);
      for await (const { tiles } of manyBatches(request)) {
        const tensors = new Map<string, AnyTensor>();
        const parts = tiles.map((tile, t) => tileTensors(tile, groups, `${t}/`, tensors));
        const file = `step-${String(done.length).padStart(5, '0')}.safetensors`;
        await writeAnyTensors(join(folder, file), tensors);
        const pace = { epochs: 0, horizon: request.training.epochs, scores: [] };
        const loss = await stepper.step(tiles, () => `step ${done.length + 1}`, pace);
        done.push({ file, loss, tiles: parts });
        progress({ kind: 'step', done: done.length, total: request.steps, unit: 'steps' });
        if (done.length === request.steps) break;
      }
    } finally {
      await runner.close();
    }
    await writeJsonAtomic(join(folder, TRAINING_FILE), {
      format: FORMAT.name,
      version: FORMAT.version,
      model: model.name,
      clip: request.training.clip,
      inputs: [...programInputs(program).keys()],
      parameters: model.parameters.map(({ name, decay, optimizer = 'default' }) => ({
        name,
        decay,
        optimizer,
      })),
      tables: model.tables.map(({ name, optimizer }) => ({ name, optimizer })),
      optimizers: model.optimizers,
      groups: Object.fromEntries(
        [...groups.values()].map(({ name, width, fields }) => [
          name,
          { width, fields: fields.map(({ table, dim, offset }) => ({ table, dim, offset })) },
        ]),
      ),
      steps: done,
    });
  });
  const losses = [done[0]!.loss, done.at(-1)!.loss] as const;
  return { steps: done.length, tiles: done.reduce((sum, { tiles }) => sum + tiles.length, 0), losses };
}

/** Batches of epoch after epoch, also beyond those that the recipe allows. */
async function* manyBatches({ model, dataset, training, execution, seed, supports }: TrainingToExport) {
  const source = await loadSource(dataset, SELECT_ROLES.learn);
  for (let epoch = 1, found = true; found; epoch++) {
    found = false;
    const drawn = epochBatches(model, dataset, source, {
      seed,
      phase: 'select',
      epoch,
      learn: SELECT_ROLES.learn,
      tileRows: execution.tileRows,
      placebo: placebo(training, seed),
      supports,
    });
    for await (const batch of drawn) {
      found = true;
      yield batch;
    }
  }
}

function requireSupported(model: Model): void {
  const reasons = [
    ...(model.learns.by === 'counts' ? ['it learns by counts, not by gradients'] : []),
    ...(model.parameters.some(({ trained }) => trained === false) ? ['it keeps running averages'] : []),
    ...Object.entries(model.optimizers).flatMap(([key, { schedule, embeddingL2 }]) => [
      ...(schedule === undefined || schedule.kind === 'constant'
        ? []
        : [`the rate of "${key}" has a schedule`]),
      ...(embeddingL2 === undefined ? [] : [`"${key}" has a penalty over whole tables`]),
    ]),
  ];
  if (reasons.length === 0) return;
  throw new UserError({
    code: 'TRAINING_UNSUPPORTED',
    where: `model ${model.name}`,
    what: `Its training is not written for other engines: ${reasons.join('; ')}.`,
    next: 'Train it with limaml train, on one machine.',
  });
}

/** Throws OUT_NOT_TRAINING where something else than such a folder would be replaced. */
async function requirePlace(path: string): Promise<void> {
  const content = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR') return ['a file'];
    throw error;
  });
  if (content.length === 0 || content.includes(TRAINING_FILE)) return;
  throw new UserError({
    code: 'OUT_NOT_TRAINING',
    where: path,
    what: 'Something that is no exported training is there, and would be replaced.',
    next: 'Name another folder with --out.',
  });
}
