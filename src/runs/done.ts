// DONE, which seals a finished run: how the training ended, and the hash of every file it wrote.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { UserError } from '../errors.js';
import { hashBytes } from '../hash.js';
import type { ChosenShare } from '../training/choose-share.js';
import { readRunJson, runDamaged } from './json.js';
import { DONE } from './state.js';

/** Version of the folder's layout. */
export const RUN_FORMAT = { name: 'limaml-run', version: 1 } as const;

/** How a training ended. DONE holds it, and the hash of every file the training wrote. */
export interface RunOutcome {
  readonly epochs: number;
  readonly best: { readonly epoch: number; readonly auc: number | null };
  readonly seconds: number;
  /** Of two heads: the weight of the second that validation rows chose, and the scores with and without the choice. */
  readonly headShare?: ChosenShare | undefined;
}

const doneSchema = z.object({
  format: z.literal(RUN_FORMAT.name),
  version: z.literal(RUN_FORMAT.version),
  epochs: z.number(),
  best: z.object({ epoch: z.number(), auc: z.number().nullable() }),
  seconds: z.number(),
  headShare: z.object({ share: z.number(), score: z.number(), before: z.number() }).optional(),
  finishedAt: z.string(),
  /** SHA-256 by path inside the folder. */
  files: z.record(z.string(), z.string()),
});
export type DoneRecord = Readonly<z.output<typeof doneSchema>>;

/** Folder of the trained model. */
export const CHECKPOINT = 'checkpoint';

/** What DONE says of a finished run. Throws RUN_DAMAGED. */
export function readDone(path: string): DoneRecord {
  return readRunJson(join(path, DONE), doneSchema);
}

/** Compares the small files, all but the checkpoint, with their hashes in DONE. Throws RUN_DAMAGED. */
export function checkRecord(path: string, { files }: DoneRecord): void {
  for (const [file, expected] of Object.entries(files)) {
    if (file.startsWith(`${CHECKPOINT}/`)) continue;
    const whole = join(path, file);
    if (!existsSync(whole)) throw changed(whole, undefined, expected);
    const actual = hashBytes(readFileSync(whole));
    if (actual !== expected) throw changed(whole, actual, expected);
  }
}

/** What to throw for a file that is not what DONE says. */
export function changed(file: string, actual: string | undefined, expected: string): UserError {
  const found =
    actual === undefined ? 'gone' : `not what the run wrote: its SHA-256 is ${actual.slice(0, 12)}…`;
  return runDamaged(
    file,
    `This file is ${found}; the run recorded ${expected.slice(0, 12)}….`,
    'Restore it, or train again.',
  );
}
