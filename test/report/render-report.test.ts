// The page: whole, safe whatever the data are called, and honest about what is not there.

import { createHash } from 'node:crypto';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { printable } from '../../src/printable.js';
import { byData } from '../../src/report/data/report-data.js';
import type { ReportRun } from '../../src/report/data/report-run.js';
import { renderReport } from '../../src/report/page/render-report.js';
import { HOSTILE, hostileReport } from './hostile-report.js';
import { simulatedReport, simulatedRun } from './simulated-report.js';

const full = simulatedRun({ feature: { name: 'region', values: ['north', 'south'] } });
const render = (...runs: readonly ReportRun[]): string => renderReport(simulatedReport('run', runs));
const parse = (text: string) => parseHTML(text).document;

/** Every promise that holds for any report. */
function check(text: string): ReturnType<typeof parse> {
  const document = parse(text);
  const all = [...document.querySelectorAll('*')];
  expect(
    document.querySelectorAll(
      'script, iframe, object, embed, form, img, foreignObject, a[href^="javascript"]',
    ),
  ).toHaveLength(0);
  const attributes = all.flatMap((element) => [...element.attributes].map(({ name }) => name));
  expect(attributes.filter((name) => /^on|^style$/i.test(name))).toEqual([]);
  expect(
    [...document.querySelectorAll('[src], [href]')]
      .map((element) => element.getAttribute('href') ?? 'src')
      .filter((href) => !/^#|^data:,$/.test(href)),
  ).toEqual([]);
  expect(document.querySelector('style')!.textContent).not.toMatch(/url\(|@import|https?:/);
  expect(
    all.filter((element) =>
      [...element.attributes].some(
        ({ name, value }) => /url\(|https?:|\/\//.test(value) && !/^(aria-label|title|content)$/.test(name),
      ),
    ),
  ).toHaveLength(0);
  const ids = all.map((element) => element.getAttribute('id')).filter((id) => id !== null && id !== '');
  expect(new Set(ids).size).toBe(ids.length);
  const named = all.flatMap((element) => [
    ...(element.getAttribute('aria-labelledby') ?? '').split(' '),
    (element.getAttribute('href') ?? '').replace(/^#/, ''),
  ]);
  expect(named.filter((id) => id !== '' && id !== 'data:,' && !ids.includes(id))).toEqual([]);
  for (const table of document.querySelectorAll('table')) {
    expect(table.querySelector('caption')?.textContent).not.toBe('');
    expect([...table.querySelectorAll('th')].every((cell) => cell.hasAttribute('scope'))).toBe(true);
  }
  for (const drawing of document.querySelectorAll('svg[role=img]')) {
    expect(drawing.querySelector('title')?.textContent).not.toBe('');
    expect(drawing.querySelector('desc')?.textContent).not.toBe('');
  }
  expect(document.body.textContent).not.toMatch(/undefined|NaN|\[object|Infinity/);
  return document;
}

const sections = (document: ReturnType<typeof parse>): readonly string[] =>
  [...document.querySelectorAll('main > section')].map(({ id }) => id);

describe('a report', () => {
  it('has every section, a contents list that leads to them, and drawings', () => {
    const document = check(render(full));
    expect(sections(document)).toEqual([
      'verdict',
      'comparison',
      'segments',
      'curves',
      'adaptation',
      'embeddings',
      'importance',
      'learning',
      'configuration',
      'provenance',
      'method',
    ]);
    expect(
      [...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href')!.slice(1)),
    ).toEqual(sections(document));
    expect(document.querySelectorAll('svg[role=img]').length).toBeGreaterThan(15);
    expect(document.querySelector('h1')!.textContent).toBe('limaml ranks better than widedeep and deep');
  });

  it('draws the ROC and the calibration of every model, with the numbers of the bins', () => {
    const document = check(render(full));
    const [model, ...baselines] = full.evaluation!.curves;
    expect(baselines).toHaveLength(2);
    const roc = [...document.querySelectorAll('#figure-roc svg[role=img] path[d]')].map((path) =>
      path.getAttribute('d')!.split('L'),
    );
    // The diagonal, then the curves from the last baseline to the model, which lies on top.
    expect(roc.map((points) => points.length)).toEqual([
      2,
      ...baselines.map(({ roc }) => roc!.points.length).reverse(),
      model!.roc!.points.length,
    ]);
    const calibration = document.querySelector('#figure-calibration')!;
    expect(calibration.querySelectorAll('svg[role=img] g[stroke="var(--s0)"] line')).toHaveLength(
      model!.calibration.length,
    );
    const bins = [...document.querySelectorAll('#curves details tbody tr:not(.group)')];
    expect(bins).toHaveLength(3 * model!.calibration.length);
    expect(bins[0]!.textContent).toContain(model!.calibration[0]!.labelRate.toFixed(4));
  });

  it('allows its own style sheet by hash, and nothing else', () => {
    const document = parse(render(full));
    const policy = document.querySelector('meta[http-equiv]')!.getAttribute('content')!;
    const style = document.querySelector('style')!.textContent!;
    const hash = createHash('sha256').update(style).digest('base64');
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`,
    );
    expect(document.querySelectorAll('style')).toHaveLength(1);
  });

  it('is the same text every time', () => {
    expect(render(full)).toBe(render(full));
  });

  it('shows names as text, whatever the user or the data call things', () => {
    const document = check(renderReport(hostileReport()));
    const text = document.body.textContent!;
    // A control character is no part of HTML, and a mark of direction would turn the line round: they are shown escaped.
    for (const name of HOSTILE) expect(text).toContain(printable(name));
    const cells = [...document.querySelectorAll('#segments th')].map(({ textContent }) => textContent);
    expect(cells).toEqual(expect.arrayContaining(HOSTILE.slice(0, 4).map(printable)));
    expect(document.querySelectorAll('style, title:not(svg title)')).toHaveLength(2);
  });
});

describe('a report that lacks something', () => {
  it('without an evaluation says how to get one', () => {
    const document = check(render({ ...full, evaluation: null, importance: null, map: null }));
    expect(sections(document)).toEqual(['verdict', 'learning', 'configuration', 'provenance']);
    expect(document.querySelector('#verdict')!.textContent).toContain(`limaml eval ${full.id}`);
  });

  it('without a baseline claims nothing', () => {
    const document = check(render(simulatedRun({ baselines: [] })));
    expect(document.querySelector('h1')!.textContent).toBe('limaml, measured alone');
    expect(document.querySelector('#verdict')!.textContent).toContain('say nothing of whether it is better');
    expect(document.querySelectorAll('.card')).toHaveLength(0);
  });

  it('with one class only shows reasons in place of numbers', () => {
    const document = check(render(simulatedRun({ onlyLabel: 0, curves: false })));
    expect(document.querySelector('#verdict')!.textContent).toContain(
      'cannot be compared by AUC: limaml: every label is 0',
    );
    expect(document.querySelector('#comparison td [title]')!.getAttribute('title')).toBe('every label is 0');
    expect(document.querySelector('#segments')!.textContent).toContain('too small');
    expect(document.querySelector('#figure-roc')!.textContent).toContain('There is no ROC curve');
  });

  it('with segments too small says so instead of a number', () => {
    const document = check(render(simulatedRun({ entities: 15, baselines: ['deep'] })));
    const rows = [...document.querySelectorAll('#segments tbody tr:not(.group)')].map(
      ({ textContent }) => textContent,
    );
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.every((row) => row?.includes('too small'))).toBe(true);
  });

  it('without segments, curves, map or epochs says so', () => {
    const bare = simulatedRun({ curves: false });
    const models = bare.evaluation!.models.map((model) => ({ ...model, segments: [] }));
    const document = check(render({ ...bare, metrics: [], evaluation: { ...bare.evaluation!, models } }));
    expect(document.querySelector('#segments')!.textContent).toContain('No segments were measured');
    expect(document.querySelector('#adaptation')!.textContent).toContain('no curves of limaml');
    expect(document.querySelector('#learning')!.textContent).toContain('no record of its epochs');
    expect(document.querySelector('#embeddings')).toBeNull();
  });

  it('with a map of equal vectors draws none', () => {
    const document = check(render({ ...full, map: { ...full.map!, explained: null } }));
    expect(document.querySelector('#embeddings')!.textContent).toContain('nothing to map');
  });
});

describe('a report of an experiment', () => {
  const runs = [1, 2, 3].map((seed) => simulatedRun({ seed, curves: seed === 3 }));

  it('shows its runs side by side and the spread over seeds apart', () => {
    const document = check(
      renderReport({
        ...simulatedReport('experiment', runs),
        unread: [{ id: 'x', experiment: 'small', where: null, why: 'gone' }],
      }),
    );
    expect(sections(document).slice(0, 4)).toEqual(['verdict', 'runs', 'comparison', 'seeds']);
    const table = document.querySelector('#runs table')!.textContent!;
    for (const { id } of runs) expect(table).toContain(id);
    expect(document.querySelector('#runs')!.textContent).toContain(
      'Left out, because they cannot be read: x (gone)',
    );
    expect(document.querySelector('#seeds')!.textContent).toContain('trained with 3 seeds (1, 2 and 3)');
    expect(document.querySelector('#seeds')!.textContent).not.toContain('versions of the program');
    expect(document.querySelector('#verdict')!.textContent).toContain('Trained with 3 seeds');
  });

  it('lists the baselines under the run they were trained for, with what its evaluation says of them', () => {
    const [first] = runs as [ReportRun];
    const baseline: ReportRun = {
      ...first,
      id: `${first.id}-1`,
      model: 'widedeep',
      baselineOf: first.id,
      evaluation: null,
      map: null,
    };
    const document = check(renderReport(simulatedReport('experiment', [baseline, ...runs])));
    const rows = [...document.querySelectorAll('#runs table')[0]!.querySelectorAll('tbody tr')].map(
      ({ textContent }) => textContent!,
    );
    expect(rows[1]).toContain(baseline.id);
    expect(rows[1]).toContain(first.evaluation!.models[1]!.metrics['auc']!.value!.toFixed(4));
  });

  it('leaves out runs on other data, and says so', () => {
    const [one, ...rest] = runs;
    const dataset = { ...one!.config.dataset, hash: 'f'.repeat(64) };
    const data = byData([{ ...one!, config: { ...one!.config, dataset } }, ...rest], rest[0]!);
    expect(data.runs).toEqual(rest);
    const report = { ...simulatedReport('experiment', rest), ...data };
    const section = check(renderReport(report)).querySelector('#runs')!;
    expect(section.textContent).toContain('data hash dddddddddddd');
    expect(section.querySelector('.absent')!.textContent).toContain(
      `${one!.id} (made-up, hash ffffffffffff)`,
    );
    expect(section.querySelector('table')!.textContent).not.toContain(one!.id);
  });

  it('says when the program changed between seeds', () => {
    const changed = runs.map((run, i) => ({
      ...run,
      provenance: { ...run.provenance, limaml: { version: '0.1.0', code: String(i) } },
    }));
    expect(
      parse(renderReport(simulatedReport('experiment', changed))).querySelector('#seeds')!.textContent,
    ).toContain('3 versions of the program');
  });
});
