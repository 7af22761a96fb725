// The quickstart's end: the comparison, where everything lies, and what to do next.
import { duration } from '../../amounts.js';
import type { QuickstartResult } from '../../workflows/quickstart.js';
import { count } from '../terminal/number.js';
import type { Style } from '../terminal/style.js';
import { pairs } from '../terminal/table.js';
import { verifiedText } from './bundle-agreement.js';
import { renderEvaluation } from './eval.js';

export function renderQuickstart(result: QuickstartResult, style: Style): string {
  const { dataset, path, evaluation, export: exported, seconds } = result;
  const { verified } = exported;
  return [
    renderEvaluation(evaluation, style),
    '',
    pairs(
      [
        ['data set', `${style.path(dataset.path)}  (${count(dataset.rows)} events)`],
        ['run', style.path(path)],
        ['bundle', style.path(exported.bundle)],
        ['verified', verified === null ? '–' : verifiedText(verified)],
        ['took', duration(seconds)],
      ],
      style,
    ),
    '',
    `The whole of it on one page: limaml report ${evaluation.run}`,
    'Your own data: limaml init my-log.csv, then limaml prep, train, eval, export.',
  ].join('\n');
}
