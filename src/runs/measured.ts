// `measured/<key>.json` of a run: what one protocol gave on test rows beside other runs, kept for whoever asks for the very same again.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { ReplayEvaluation } from './evaluation.js';
import { readRunJson, writeRunJson } from './json.js';

/** The part of an evaluation that results are put together from; `frozen` is a label too. */
export type Measured = Pick<
  ReplayEvaluation,
  'label' | 'rows' | 'entities' | 'level' | 'models' | 'comparisons'
>;

const FORMAT = { format: 'limaml-measured', version: 1 } as const;

const layout = z.looseObject({
  format: z.literal(FORMAT.format),
  version: z.literal(FORMAT.version),
  label: z.string(),
  rows: z.number(),
  entities: z.number(),
  level: z.number(),
  models: z.array(z.looseObject({ model: z.string(), run: z.string() })).nonempty(),
  comparisons: z.array(z.looseObject({ baseline: z.string(), metric: z.string() })),
});
const schema = z.custom<Measured & typeof FORMAT>((value) => layout.safeParse(value).success);

const fileOf = (runPath: string, key: string): string =>
  join(runPath, 'measured', `${key.slice(0, 16)}.json`);

/** Undefined where it was not measured yet. Throws RUN_DAMAGED. */
export function readMeasured(runPath: string, key: string): Measured | undefined {
  const file = fileOf(runPath, key);
  if (!existsSync(file)) return undefined;
  const {
    format: _,
    version: __,
    ...measured
  } = readRunJson(file, schema, 'Delete it: it is measured again.');
  return measured;
}

export async function writeMeasured(runPath: string, key: string, measured: Measured): Promise<void> {
  const file = fileOf(runPath, key);
  await mkdir(dirname(file), { recursive: true });
  await writeRunJson(file, { ...FORMAT, ...measured }, 0);
}
