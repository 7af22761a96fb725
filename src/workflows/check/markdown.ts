// The check as Markdown, for the summary page of a CI run.
import { printable } from '../../printable.js';
import type { ExperimentCheck } from './check-experiment.js';

export function markdownSummary(checks: readonly ExperimentCheck[]): string {
  const failed = checks.filter(({ passed }) => !passed).length;
  const head =
    failed === 0
      ? `limaml check: ${checks.length} passed`
      : `limaml check: ${failed} of ${checks.length} failed`;
  const parts = checks.map(({ experiment, model, seeds, expectedSeeds, rows, passed, regression }) => {
    const lines = rows.map((row) =>
      [
        row.failed ? `**${cell(row.name)}**` : cell(row.name),
        number(row.expected),
        number(row.found),
        number(row.delta, true),
        number(row.allowed),
        percent(row.power),
        row.failed ? `**${row.verdict}**` : row.verdict,
        cell(row.note),
      ].join(' | '),
    );
    return [
      `### ${passed ? '✅' : '❌'} ${cell(experiment)} (${cell(model)})`,
      '',
      `${seeds.length} seeds against ${expectedSeeds.length} expected ones.`,
      '',
      `| | expected | found | Δ | within noise | catches ${regression} | verdict | |`,
      '|---|--:|--:|--:|--:|--:|---|---|',
      ...lines.map((line) => `| ${line} |`),
    ].join('\n');
  });
  return `## ${head}\n\n${parts.join('\n\n')}\n`;
}

function number(value: number | null, sign = false): string {
  if (value === null) return '–';
  return `${sign && value >= 0 ? '+' : ''}${value.toFixed(4)}`;
}

function percent(value: number | null): string {
  return value === null ? '–' : `${Math.round(100 * value)} %`;
}

/** Text of one cell as it stands: nothing in it ends the cell, marks, links, loads or hides. */
function cell(text: string): string {
  return printable(text.replace(/[\n\r\t]+/g, ' '))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_[\]|~]/g, '\\$&');
}
