// `leaderboard.json`: what a sweep tried, what it spent and what came out on validation rows; test rows are never looked at.
import { join } from 'node:path';
import { writeJsonAtomic } from '../../atomic-files.js';
import type { SweepConfig } from '../../config/sweep-section.js';
import type { Assignment } from './assignments.js';
import { ranked } from './rungs.js';

export interface TrialResult {
  readonly model: string;
  /** 0 is the recipe as it stands. */
  readonly trial: number;
  /** 0 is the first. */
  readonly rung: number;
  /** Most epochs it might train. */
  readonly epochs: number;
  readonly assignment: Assignment;
  readonly run: string | null;
  /** The best epoch's validation metric, as defined, and turned so that larger is better; null where the training failed. */
  readonly value: number | null;
  readonly score: number | null;
  readonly bestEpoch: number | null;
  /** Epochs it trained. */
  readonly trained: number;
  readonly seconds: number;
  /** Why there is no score. */
  readonly failure: string | null;
}

export interface ModelBoard {
  readonly model: string;
  /** Of the last rung it reached, the best first. */
  readonly trials: readonly TrialResult[];
  /** The winner's keys, `--set` as typed; null where every trial failed. */
  readonly best: TrialResult | null;
  readonly spent: { readonly trials: number; readonly epochs: number; readonly seconds: number };
}

export interface Leaderboard {
  readonly experiment: string;
  readonly dataset: string;
  /** The recipe's own model; the others stand under its baselines. */
  readonly model: string;
  readonly metric: string;
  readonly method: SweepConfig['method'];
  readonly seed: number;
  /** Folder of the sweep: this file and the trials' runs. */
  readonly path: string;
  readonly models: readonly ModelBoard[];
}

/** Trials by model: those of a later rung stand before those that fell out earlier. */
export function boards(models: readonly string[], results: readonly TrialResult[]): readonly ModelBoard[] {
  return models.map((model) => {
    const own = results.filter((result) => result.model === model);
    const last = new Map<number, TrialResult>();
    for (const result of own) {
      const before = last.get(result.trial);
      if (before === undefined || result.rung > before.rung) last.set(result.trial, result);
    }
    const reached = [...last.values()];
    const rungs = [...new Set(reached.map(({ rung }) => rung))].sort((a, b) => b - a);
    const trials = rungs.flatMap((rung) => ranked(reached.filter((result) => result.rung === rung)));
    const [first] = trials;
    const total = (count: (result: TrialResult) => number): number =>
      own.reduce((sum, result) => sum + count(result), 0);
    return {
      model,
      trials,
      best: first === undefined || first.score === null ? null : first,
      spent: {
        trials: reached.length,
        epochs: total(({ trained }) => trained),
        seconds: total(({ seconds }) => seconds),
      },
    };
  });
}

export async function writeLeaderboard(board: Leaderboard): Promise<void> {
  const { path, ...content } = board;
  await writeJsonAtomic(join(path, 'leaderboard.json'), {
    format: 'limaml-leaderboard',
    version: 1,
    ...content,
  });
}
