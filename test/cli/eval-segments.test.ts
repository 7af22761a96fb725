// Segments of an evaluation as the terminal shows them: a number with its interval, or why there is none, baselines or not.
import { expect, it } from 'vitest';
import { renderEvaluation } from '../../src/cli/render/eval.js';
import { styleFor } from '../../src/cli/terminal/style.js';
import { simulatedRun } from '../report/simulated-report.js';

const style = styleFor({ columns: 400, write: () => true }, false);
const signed = (end: number | null): string => `${end! < 0 ? '-' : '+'}${Math.abs(end!).toFixed(4)}`;

it.each([[['widedeep']], [[]]])('with the baselines %j', (baselines) => {
  const { evaluation } = simulatedRun({ baselines, curves: false });
  const lines = renderEvaluation(evaluation!, style, true).split('\n');
  const segments = evaluation!.models[0]!.segments;
  const told = segments.map(({ tooSmall, metrics, comparisons }) => {
    const own = metrics['auc']?.interval;
    const difference = comparisons.find(({ metric }) => metric === 'auc');
    if (tooSmall !== undefined) return tooSmall;
    return baselines.length === 0
      ? `[${own!.low.toFixed(4)}, ${own!.high.toFixed(4)}]`
      : `[${signed(difference!.low)}, ${signed(difference!.high)}]`;
  });
  expect(told.some((text) => text.startsWith('too small'))).toBe(true);
  segments.forEach(({ value, rows }, at) => {
    const line = lines.find(
      (shown) => shown.startsWith(`${value} `) && shown.includes(` ${rows.toLocaleString('en')} `),
    );
    expect(line, value).toContain(told[at]);
  });
});
