// A written report on the terminal: its verdict, and where it lies.
import type { WrittenReport } from '../../report/write-report.js';
import { nextCommand } from '../terminal/next-command.js';
import { bytes, count } from '../terminal/number.js';
import type { Style } from '../terminal/style.js';
import { pairs } from '../terminal/table.js';
import { wrap } from '../terminal/wrap.js';

export function renderWrittenReport(
  { path, bytes: size, kind, experiment, run, runs, otherData, headline, verdicts }: WrittenReport,
  style: Style,
): string {
  const { chalk, width } = style;
  const lines = verdicts.flatMap((text) => wrap(text, Math.min(width, 110)));
  return [
    chalk.bold(headline ?? `Run ${run} has not been evaluated.`),
    ...lines,
    '',
    pairs(
      [
        [kind, kind === 'run' ? run : `${experiment}, ${count(runs)} finished runs; ${run} in full`],
        ...(otherData.length === 0
          ? []
          : [['left out', `${otherData.join(', ')}: trained and tested on other data`] as const]),
        ['report', `${style.path(path)}  (${bytes(size)})`],
      ],
      style,
    ),
    '',
    ...(headline === null
      ? [nextCommand('Measure it', 'eval', run, '--baseline', 'widedeep')]
      : [
          nextCommand('Does it repeat itself', 'verify', run),
          nextCommand('Give it a name', 'runs', 'tag', run, 'candidate'),
          nextCommand('Serve it', 'export', run, '--out', 'bundle', '--verify'),
        ]),
  ].join('\n');
}
