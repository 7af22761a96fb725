// `expected.json`: what an experiment gave when it was last accepted, seed by seed.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writeJsonAtomic } from '../../atomic-files.js';
import { UserError } from '../../errors.js';

/** Version of the file's layout. */
export const EXPECTED_FORMAT = { name: 'limaml-expected', version: 1 } as const;

const seedResult = z.strictObject({
  seed: z.number(),
  /** Headline metrics on the test rows, by name. */
  metrics: z.record(z.string(), z.number().nullable()),
  /** Mean training loss of each epoch while the epoch is chosen. */
  losses: z.array(z.number()),
  /** Epoch chosen on validation rows. */
  epoch: z.number(),
});

const expectationSchema = z.strictObject({
  format: z.literal(EXPECTED_FORMAT.name),
  version: z.literal(EXPECTED_FORMAT.version),
  experiment: z.string(),
  model: z.string(),
  /** The resolved recipe without its seed and evaluation: another one cannot be held to these numbers. */
  recipe: z.record(z.string(), z.unknown()),
  data: z.string(),
  made: z.strictObject({ limaml: z.string(), node: z.string(), platform: z.string(), engine: z.string() }),
  results: z.array(seedResult).min(2),
});

export type SeedResult = z.output<typeof seedResult>;
export type Expectation = z.output<typeof expectationSchema>;

/** Beside the recipe. */
export function expectationPath(recipePath: string): string {
  return join(dirname(recipePath), 'expected.json');
}

/** Undefined where there is none yet. Throws EXPECTED_DAMAGED. */
export async function readExpectation(path: string): Promise<Expectation | undefined> {
  if (!existsSync(path)) return undefined;
  const damaged = (what: string): UserError =>
    new UserError({
      code: 'EXPECTED_DAMAGED',
      where: path,
      what,
      next: 'Restore it, or write it anew: limaml check --update',
    });
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw damaged(`This is no JSON: ${(error as Error).message}.`);
  }
  const parsed = expectationSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw damaged(
    `Version ${EXPECTED_FORMAT.version} of the format is expected: ${issue?.path.join('.')}: ${issue?.message}.`,
  );
}

export function writeExpectation(path: string, expectation: Expectation): Promise<void> {
  return writeJsonAtomic(path, expectation);
}
