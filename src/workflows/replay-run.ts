// A run trained again from its own folder, epoch held against epoch; and what is not as it was when it was trained.
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashFile } from '../hash.js';
import { onInterruption } from '../interruption.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import type { Progress } from '../progress.js';
import { readRunConfig } from '../runs/config.js';
import { type Difference, differencesOf, type Made } from '../runs/differences.js';
import { CHECKPOINT } from '../runs/done.js';
import { verifyRun } from '../runs/folder.js';
import { gatherProvenance } from '../runs/gather-provenance.js';
import { readMetrics } from '../runs/metrics-log.js';
import { loadModelFiles } from '../runs/model-files.js';
import type { RunPlace } from '../runs/places.js';
import { readProvenance } from '../runs/provenance.js';
import type { EpochRecord } from '../training/training-state.js';
import { type PartedEpoch, partedEpoch } from './parted-epoch.js';
import { learnedBy, type Trainer } from './trainer.js';

interface ReplayRequest {
  readonly run: RunPlace;
  /** The data it was trained on, held to be that. */
  readonly dataset: PreparedDataset;
  /** Only so many epochs; the trained model is compared where all are trained again. */
  readonly epochs: number | undefined;
  readonly trainer: Trainer;
  readonly progress: Progress;
  readonly now: () => Date;
}

export interface Replay {
  /** Epochs trained again, and those that the run has. */
  readonly epochs: number;
  readonly recordedEpochs: number;
  /** `bytes` on the same kind of machine (platform, processor, engine), else `nearly`: another processor rounds otherwise. */
  readonly heldTo: 'bytes' | 'nearly';
  /** Epochs that are the same to the last digit. */
  readonly equalEpochs: number;
  /** The first epoch that is not what was recorded, by more than is let pass. */
  readonly parted: PartedEpoch | null;
  /** Largest difference of a number from what was recorded, relative. */
  readonly largest: number;
  /** Whether the trained model is the same bytes; null where it was not trained to its end. */
  readonly sameModel: boolean | null;
  /** What is not as it was, in the order in which one explains another: code, data, dependency, engine, machine. */
  readonly changed: readonly Difference[];
}

/** Largest relative difference of a loss or a metric that another machine is granted. */
const NEARLY = 0.01;

/** Ends a training that has shown enough. */
class Enough extends Error {}

/** Trains again into a temporary folder. Throws what `verifyRun` throws for a run that is not what it was. */
export async function replayRun(request: ReplayRequest): Promise<Replay> {
  const { run, dataset, trainer, progress } = request;
  const done = await verifyRun(run.path);
  const { recipe } = readRunConfig(run.path);
  await loadModelFiles(run.path, recipe);
  const changed = await changedSince(request);
  const heldTo = changed.some(
    ({ kind, name }) => kind === 'engine' || (kind === 'machine' && name !== 'node'),
  )
    ? 'nearly'
    : 'bytes';
  const recorded = readMetrics(run.path);
  const wanted = Math.min(request.epochs ?? recorded.length, recorded.length);
  const found: EpochRecord[] = [];
  // Rounded otherwise, a training may choose to end an epoch earlier or later.
  const expected = (record: EpochRecord): EpochRecord | undefined =>
    heldTo === 'bytes'
      ? recorded[found.length - 1]
      : (recorded.find(({ phase, epoch }) => phase === record.phase && epoch === record.epoch) ?? record);
  const seen = { equal: 0, largest: 0, parted: null as PartedEpoch | null };
  const folder = await mkdtemp(join(tmpdir(), 'limaml-verify-'));
  const checkpoint = join(folder, CHECKPOINT);
  const withdraw = onInterruption(() => {
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  });
  try {
    await mkdir(checkpoint);
    await trainer({
      dataset,
      ...learnedBy(recipe),
      checkpoint,
      resume: false,
      progress,
      onEpoch: async (record) => {
        found.push(record);
        const parted = partedEpoch(expected(record), record);
        if (parted === null) seen.equal++;
        else {
          seen.largest = Math.max(seen.largest, parted.relative);
          if (heldTo === 'bytes' || !(parted.relative <= NEARLY)) {
            seen.parted = parted;
            throw new Enough();
          }
        }
        // The last one ends by itself: it leaves the trained model.
        if (found.length >= wanted && wanted < recorded.length) throw new Enough();
        return '';
      },
      // Kept in the run for its readers; the losses tell whether it was the same.
      onSupports: async () => undefined,
      onResume: async () => undefined,
    });
    const missing = recorded[found.length];
    if (heldTo === 'bytes' && missing !== undefined) seen.parted = partedEpoch(missing, undefined);
    const file = `${CHECKPOINT}/model.safetensors`;
    const sameModel = (await hashFile(join(folder, file))) === done.files[file];
    return result(sameModel);
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
    return result(null);
  } finally {
    withdraw();
    await rm(folder, { recursive: true, force: true });
  }

  function result(sameModel: boolean | null): Replay {
    return {
      epochs: found.length,
      recordedEpochs: recorded.length,
      heldTo,
      equalEpochs: seen.equal,
      parted: seen.parted,
      largest: seen.largest,
      sameModel,
      changed,
    };
  }
}

/** What the run recorded of what it was made with, against what there is now. */
async function changedSince({ run, dataset, now }: ReplayRequest): Promise<readonly Difference[]> {
  const recorded = readProvenance(run.path);
  const { recipe } = readRunConfig(run.path);
  const present = await gatherProvenance({
    startedAt: now(),
    command: [],
    recipe: recorded.recipe,
    folder: run.path,
    execution: recipe.execution,
    dataset: { name: dataset.manifest.dataset, hash: dataset.hash },
    seed: recipe.seed,
  });
  const made = (provenance: Omit<Made, 'options'>): Made => ({ ...provenance, options: recipe });
  return differencesOf(made(recorded), made(present));
}
