// The whole table of a check, whatever failed first.
import { dirname } from 'node:path';
import { duration } from '../../amounts.js';
import type { CheckAllResult } from '../../workflows/check/check-all.js';
import type { ExperimentCheck } from '../../workflows/check/check-experiment.js';
import { nextCommand } from '../terminal/next-command.js';
import { decimal, signed } from '../terminal/number.js';
import type { Style } from '../terminal/style.js';
import { table } from '../terminal/table.js';
import { wrap } from '../terminal/wrap.js';

/** Flags that were typed, by the command to go on with. */
interface Typed {
  readonly check: readonly string[];
  readonly train: readonly string[];
}

export function renderChecks({ checks }: CheckAllResult, typed: Typed, style: Style): string {
  return checks.map((check) => renderCheck(check, typed, style)).join('\n\n');
}

function renderCheck(check: ExperimentCheck, typed: Typed, style: Style): string {
  const { chalk } = style;
  const {
    experiment,
    model,
    seeds,
    expectedSeeds,
    regression,
    rows,
    passed,
    updated,
    seconds,
    expectation,
    advice,
  } = check;
  const folder = style.path(dirname(expectation));
  const verdict = passed ? chalk.green('passed') : chalk.red('failed');
  const head = `${chalk.bold(experiment)}  ${model}, ${seeds.length} seeds${expectedSeeds.length > 0 ? ` against ${expectedSeeds.length} expected ones` : ''}, ${duration(seconds)}`;
  const lines = rows.map((row) => [
    row.name,
    decimal(row.expected),
    decimal(row.found),
    signed(row.delta),
    decimal(row.allowed),
    row.power === null ? '–' : `${Math.round(100 * row.power)} %`,
    row.failed ? chalk.red(row.verdict) : row.verdict,
    row.note,
  ]);
  const columns = [
    { title: 'checked' },
    ...['expected', 'found', 'Δ', 'within noise', `catches ${regression}`].map((title) => ({
      title,
      align: 'right' as const,
    })),
    { title: 'verdict' },
    { title: 'remark' },
  ];
  return [
    updated ? `${head}: wrote ${style.path(expectation)}` : `${head}: ${verdict}`,
    ...(rows.length > 0 ? ['', table(columns, lines, style)] : []),
    ...(advice.length > 0 ? ['', ...advice.flatMap((text) => wrap(text, style.width))] : []),
    // Where it failed, the error that follows says what to do.
    ...(updated
      ? ['', nextCommand('Hold to it from now on', 'check', folder, ...typed.check)]
      : passed
        ? ['', nextCommand('Train it to keep a run', 'train', folder, ...typed.train)]
        : []),
  ].join('\n');
}
