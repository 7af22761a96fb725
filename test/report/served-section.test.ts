// The part of the report on refreshed vectors, and the note on history features.
import { expect, it } from 'vitest';
import { replayConfig } from '../../src/evaluation/config/replay-config.js';
import { renderReport } from '../../src/report/page/render-report.js';
import { simulatedReport, simulatedRun } from './simulated-report.js';

const run = simulatedRun({ baselines: ['widedeep'] });
const { replays: _, movingHistory: __, ...measured } = run.evaluation!;
const replay = (given: object) => ({ ...measured, label: 'some', protocol: replayConfig.parse(given) });

it('shows each protocol beside frozen vectors, and names features that bias', () => {
  const evaluation = {
    ...run.evaluation!,
    replays: [
      replay({ refresh: '1d', delay: '1h' }),
      replay({ refresh: 'event', retrain: '7d' }),
      replay({ retrain: '7d' }),
    ],
    movingHistory: ['earlier_rate', 'days_since'],
  };
  const html = renderReport(simulatedReport('run', [{ ...run, evaluation }]));
  expect(html).toContain('<a href="#served">');
  for (const title of [
    'Vectors refreshed every 1d, events 1h late',
    'Vectors refreshed at every event, models trained again every 7d',
    'Vectors frozen, models trained again every 7d',
  ])
    expect(html).toContain(title);
  expect(html).toContain('earlier_rate and days_since aggregate');
  expect(html).toContain('As it is served (some) limaml has an AUC of');
});

it('is left out where vectors were frozen alone', () => {
  const html = renderReport(simulatedReport('run', [run]));
  expect(html).not.toContain('id="served"');
  expect(html).not.toContain('aggregate the entity');
});
