// `limaml check`: it writes what it will hold an experiment to, passes, and fails with every row shown.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMain } from './in-process.js';
import type { Outcome } from './run-limaml.js';
import { type Project, smallProject } from './small-project.js';

const CHECK = `
check: { seeds: [1, 2], referenceSeeds: 5, set: [training.epochs=4, training.patience=4] }
`;
const ROWS = [
  'recipe and data',
  'auc',
  'groupAuc',
  'logLoss',
  'loss, seed 1',
  'auc, seed 1',
  'loss, seed 2',
  'auc, seed 2',
];

let project: Project;
let updated: Outcome;
beforeAll(async () => {
  project = await smallProject();
  const recipe = await read('experiments/tiny/experiment.yaml');
  await project.write('experiments/tiny/experiment.yaml', recipe + CHECK);
  updated = await run('check', 'tiny', '--update');
});
afterAll(() => project.remove());

const read = (file: string): Promise<string> => readFile(join(project.path, file), 'utf8');
const run = (...args: string[]): Promise<Outcome> => runMain(args, { cwd: project.path });

interface Row {
  readonly name: string;
  readonly delta: number | null;
  readonly verdict: string;
}
interface Checked {
  readonly passed: boolean;
  readonly checks: readonly { readonly rows: readonly Row[] }[];
}

describe('limaml check', () => {
  it('has nothing to hold to before --update, and trains as many seeds as the spread needs with it', async () => {
    expect(updated).toMatchObject({ code: 0 });
    expect(updated.stdout).toMatch(/tiny {2}limaml, 5 seeds, .*: wrote .*expected\.json/);
    const expected = JSON.parse(await read('experiments/tiny/expected.json'));
    expect(expected).toMatchObject({ format: 'limaml-expected', experiment: 'tiny', model: 'limaml' });
    expect(expected.results.map(({ seed }: { seed: number }) => seed)).toEqual([1, 2, 3, 4, 5]);
    for (const { losses } of expected.results) expect(losses.length).toBe(4);
  });

  it('passes when nothing has changed: exit 0, the same losses to the last bit, files for a CI system', async () => {
    const { code, stdout } = await run('check', '--junit', 'check.xml', '--summary', 'out.md');
    expect(code).toBe(0);
    for (const name of ROWS) expect(stdout).toContain(name);
    expect(stdout.match(/equal to the last bit/g)).toHaveLength(2);
    const xml = await read('check.xml');
    const suites = wellFormed(xml);
    expect(suites).toEqual({ tests: '8', failures: '0', cases: ROWS, failed: [] });
    expect(await read('out.md')).toMatch(/^## limaml check: 1 passed\n/);
  });

  it('fails with exit 1 when the first row fails, and shows every row all the same', async () => {
    const { code, stdout, stderr } = await run(
      ...['check', 'tiny', '--set', 'model.inner.steps=0', '--junit', 'bad.xml', '--summary', 'bad.md'],
    );
    expect(code).toBe(1);
    expect(stderr).toContain('CHECK_REGRESSION');
    expect(stdout).toMatch(/recipe and data.*changed.*model\.inner\.steps/s);
    for (const name of ROWS) expect(stdout).toContain(name);
    const { tests, cases, failed } = wellFormed(await read('bad.xml'));
    expect({ tests, cases }).toEqual({ tests: '8', cases: ROWS });
    expect(failed).toEqual(expect.arrayContaining(['recipe and data', 'loss, seed 1', 'loss, seed 2']));
    const markdown = await read('bad.md');
    expect(markdown).toMatch(/^## limaml check: 1 of 1 failed\n/);
    expect(markdown.split('\n').filter((line) => /^\| .* \|$/.test(line))).toHaveLength(1 + ROWS.length);
  });

  it('fails on an AUC that has fallen by 0.005 from a record of little spread', async () => {
    const file = 'experiments/tiny/expected.json';
    const text = await read(file);
    const record = JSON.parse(text) as { results: { seed: number; metrics: { auc: number } }[] };
    const now = (record.results[0]!.metrics.auc + record.results[1]!.metrics.auc) / 2;
    for (const { seed, metrics } of record.results) metrics.auc = now + 0.005 + 0.0002 * (seed - 3);
    await project.write(file, JSON.stringify(record));
    const { code, stdout, stderr } = await run('check', 'tiny', '--json');
    await project.write(file, text);
    expect({ code, stderr }).toMatchObject({ code: 1 });
    const { rows } = (JSON.parse(stdout) as Checked).checks[0]!;
    expect(rows.map(({ name, verdict }) => [name, verdict])).toEqual(
      ROWS.map((name) => [name, name === 'auc' ? 'fail' : name.startsWith('auc, ') ? 'changed' : 'pass']),
    );
    expect(rows[1]!.delta).toBeCloseTo(-0.005, 12);
  });

  it('accepts a change that is meant with --update, showing the difference, and passes from then on', async () => {
    const set = ['--set', 'training.epochs=2', '--set', 'training.patience=2'];
    const accepted = await run('check', 'tiny', '--update', ...set, '--json');
    expect(accepted.code).toBe(0);
    const [check] = (JSON.parse(accepted.stdout) as Checked).checks;
    const auc = check!.rows.find(({ name }) => name === 'auc')!;
    expect(auc.delta).not.toBe(0);
    expect(check!.rows[0]).toMatchObject({ name: 'recipe and data', verdict: 'changed' });
    const again = await run('check', 'tiny', ...set, '--json');
    expect(again.code).toBe(0);
    expect((JSON.parse(again.stdout) as Checked).passed).toBe(true);
  });

  it('names a damaged expectation and an experiment that has none', async () => {
    await project.write('experiments/tiny/expected.json', '{"format":');
    expect(await run('check', 'tiny')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('EXPECTED_DAMAGED'),
    });
    const anew = await run('check', 'tiny', '--update', '--seed', '1', '--seed', '2');
    expect(anew).toMatchObject({ code: 0, stderr: expect.stringContaining('it is written anew') });
    expect(await run('check', 'tiny')).toMatchObject({ code: 0 });
    await project.write(
      'experiments/other/experiment.yaml',
      (await read('experiments/tiny/experiment.yaml')).replace('name: tiny', 'name: other'),
    );
    expect(await run('check', 'other')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('CHECK_NO_EXPECTATION'),
    });
  });
});

/** Reads JUnit XML with a parser, and what it says: every tag closed, or the cases would not be siblings. */
function wellFormed(xml: string) {
  expect(xml).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites /);
  for (const tag of ['testsuites', 'testsuite', 'testcase', 'failure', 'system-out'])
    expect(xml.match(new RegExp(`<${tag}[ >]`, 'g'))?.length, tag).toBe(
      xml.match(new RegExp(`</${tag}>`, 'g'))?.length,
    );
  const { document } = parseHTML(`<html><body>${xml.replace(/^<\?xml.*\?>\n/, '')}</body></html>`);
  const cases = [...document.querySelectorAll('testsuites > testsuite > testcase')];
  const suites = document.querySelector('testsuites')!;
  return {
    tests: suites.getAttribute('tests'),
    failures: suites.getAttribute('failures'),
    cases: cases.map((one) => one.getAttribute('name')),
    failed: cases.filter((one) => one.querySelector('failure')).map((one) => one.getAttribute('name')),
  };
}
