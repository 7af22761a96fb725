// The doctor's table, and what to do beneath it.
import type { Diagnosis } from '../../doctor/diagnose.js';
import { nextCommand } from '../terminal/next-command.js';
import type { Style } from '../terminal/style.js';
import { table } from '../terminal/table.js';
import { wrap } from '../terminal/wrap.js';

export function renderDiagnosis({ findings }: Diagnosis, style: Style): string {
  const { chalk } = style;
  const colour = { ok: chalk.green, note: chalk.dim, warning: chalk.yellow, failed: chalk.red };
  const rows = findings.map(({ name, state, found }) => [name, colour[state](state), found]);
  const advice = findings.flatMap(({ name, next }) =>
    next === undefined ? [] : wrap(`${name}: ${next}`, style.width, '  '),
  );
  return [
    table([{ title: 'what' }, { title: 'state' }, { title: 'found' }], rows, style),
    ...(advice.length > 0 ? ['', 'what to do', ...advice] : []),
    // Where something failed, its advice is what to do.
    ...(findings.some(({ state }) => state === 'failed')
      ? []
      : ['', nextCommand('See what is here, and how to go on', 'here')]),
  ].join('\n');
}
