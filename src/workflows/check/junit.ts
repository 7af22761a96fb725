// The check as JUnit XML, for the test view of a CI system.
import { printable } from '../../printable.js';
import type { ExperimentCheck } from './check-experiment.js';
import { rowText } from './row-text.js';

/** One suite an experiment, one case a row. */
export function junitXml(checks: readonly ExperimentCheck[]): string {
  const failures = checks.flatMap(({ rows }) => rows.filter(({ failed }) => failed)).length;
  const tests = checks.flatMap(({ rows }) => rows).length;
  const suites = checks.map(({ experiment, model, rows, seconds }) => {
    const cases = rows.map((row) => {
      const open = `    <testcase classname="${xmlText(`limaml.${experiment}.${model}`)}" name="${xmlText(row.name)}"`;
      return row.failed
        ? `${open}>\n      <failure message="${xmlText(`${row.name}: ${row.verdict}`)}">${xmlText(rowText(row))}</failure>\n    </testcase>`
        : `${open}>\n      <system-out>${xmlText(rowText(row))}</system-out>\n    </testcase>`;
    });
    const failed = rows.filter((row) => row.failed).length;
    return [
      `  <testsuite name="${xmlText(experiment)}" tests="${rows.length}" failures="${failed}" errors="0" skipped="0" time="${seconds.toFixed(3)}">`,
      ...cases,
      '  </testsuite>',
    ].join('\n');
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="limaml check" tests="${tests}" failures="${failures}">\n${suites.join('\n')}\n</testsuites>\n`;
}

/** Text in XML, or in an attribute: its own signs as entities; XML 1.0 has no spelling for control characters. */
function xmlText(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  };
  return printable(text).replace(/[&<>"']/g, (character) => entities[character]!);
}
