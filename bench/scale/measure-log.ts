// One log of the scale bench: made, taken through the stages that are not measured yet, removed.
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFolderAtomic } from '../../src/atomic-files.js';
import { makeLog } from '../prep/made-up-log.js';
import { measuredRun } from '../prep/measured-run.js';
import { rowsToScore } from './rows-to-score.js';
import { featuresOf, type LogShape, logName, membersOf, type ScaleRow, STAGES } from './scale-row.js';

/** Of so many events one row is scored. */
const SCORED_OF = 10;
const SCORED = 'rows.csv';

/** What each stage runs, in the folder of the log, and the one thing that it makes there. */
const COMMANDS = {
  prep: { args: ['prep', 'log.yaml', '--data', '.'], makes: 'prepared' },
  train: { args: ['train', 'experiment.yaml', '--data', '.'], makes: 'runs' },
  export: { args: ['export', 'latest', '--out', 'bundle'], makes: 'bundle' },
  score: { args: ['score', '--bundle', 'bundle'], makes: undefined },
} as const;

interface LogRequest {
  readonly events: number;
  readonly shape: LogShape;
  /** Folder in which the log has a folder of its own; it stays where a stage fails, so that the next bench goes on from there. */
  readonly folder: string;
  /** Rows of this log that were measured before. */
  readonly before: readonly ScaleRow[];
  readonly built: string;
  readonly note: (text: string) => void;
  /** Told of each new row before the next stage begins. */
  readonly onRow: (row: ScaleRow) => Promise<void>;
}

/** Measures the stages that `before` lacks. What a stage left half done is made again. */
export async function measureLog(request: LogRequest): Promise<void> {
  const { events, shape, before, built, note, onRow } = request;
  const measured = STAGES.filter((stage) => before.some((row) => row.stage === stage));
  if (measured.length === STAGES.length) return;
  const members = membersOf(events, shape);
  const name = `${events} events, ${members} members, ${featuresOf(shape)} features`;
  const log = join(request.folder, logName(events, shape));
  if (!existsSync(log)) {
    note(`${name}: making the log`);
    await writeFolderAtomic(log, async (making) => {
      await makeLog(making, events, 'csv', { members, moreFeatures: shape.moreFeatures });
      await rowsToScore(making, Math.ceil(events / SCORED_OF));
    });
  }
  for (const stage of STAGES) {
    const { args, makes } = COMMANDS[stage];
    const isThere = makes !== undefined && existsSync(join(log, makes));
    if (measured.includes(stage) && (makes === undefined || isThere)) continue;
    if (makes !== undefined) await rm(join(log, makes), { recursive: true, force: true });
    note(`${name}: ${stage}`);
    const input = stage === 'score' ? join(log, SCORED) : undefined;
    const { output: _, ...run } = await measuredRun(built, args, log, input);
    await onRow({ events, shape, stage, run });
  }
  await rm(log, { recursive: true, force: true });
}
