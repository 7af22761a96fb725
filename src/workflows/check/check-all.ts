// Every experiment of a check, and what is written about them for a CI system.
import { existsSync, readdirSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeFileAtomic } from '../../atomic-files.js';
import { UserError, UserErrors } from '../../errors.js';
import { type CheckOptions, checkExperiment, type ExperimentCheck } from './check-experiment.js';
import { junitXml } from './junit.js';
import { markdownSummary } from './markdown.js';

interface CheckAllOptions extends Omit<CheckOptions, 'seeds'> {
  /** As typed. */
  readonly seeds: readonly string[];
  /** Files to write, as typed. */
  readonly junit: string | undefined;
  readonly summary: string | undefined;
}

export interface CheckAllResult {
  readonly passed: boolean;
  readonly checks: readonly ExperimentCheck[];
}

/** Checks all of them, whether or not one fails. */
export async function checkAll(
  references: readonly string[],
  options: CheckAllOptions,
): Promise<CheckAllResult> {
  const { cwd } = options.places;
  const experiments = references.length > 0 ? references : expectedExperiments(cwd);
  const seeds = wholeNumbers(options.seeds);
  const checks: ExperimentCheck[] = [];
  for (const experiment of experiments) checks.push(await checkExperiment(experiment, { ...options, seeds }));
  if (options.junit !== undefined) await writeFileAtomic(resolve(cwd, options.junit), junitXml(checks));
  if (options.summary !== undefined) await appendFile(resolve(cwd, options.summary), markdownSummary(checks));
  return { passed: checks.every(({ passed }) => passed), checks };
}

/** Experiments here that have an expectation. Throws CHECK_NOTHING rather than pass without a check. */
function expectedExperiments(cwd: string): readonly string[] {
  const folder = join(cwd, 'experiments');
  const names = existsSync(folder)
    ? readdirSync(folder).filter((name) => existsSync(join(folder, name, 'expected.json')))
    : [];
  if (names.length > 0) return names.sort();
  throw new UserError({
    code: 'CHECK_NOTHING',
    where: folder,
    what: 'No experiment here has an expected.json.',
    next: 'Write one: limaml check <experiment> --update',
  });
}

function wholeNumbers(texts: readonly string[]): readonly number[] {
  const bad = texts.filter((text) => !/^\d{1,9}$/.test(text));
  if (bad.length > 0) {
    throw new UserErrors(
      bad.map(
        (text) =>
          new UserError({
            code: 'USAGE_BAD_VALUE',
            where: `--seed ${text}`,
            what: 'A seed is a whole number.',
            next: 'For example: --seed 101 --seed 102',
          }),
      ),
    );
  }
  return texts.map(Number);
}
