// `limaml report` as the command line gives it: before training, before evaluating, of a run, of an experiment with two seeds.
import { existsSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelResult } from '../../src/evaluation/evaluation-result.js';
import { runMain } from '../cli/in-process.js';
import type { Outcome } from '../cli/run-limaml.js';
import { type Project, smallProject } from '../cli/small-project.js';

let project: Project;
beforeAll(async () => {
  project = await smallProject();
});
afterAll(() => project.remove());

const run = (...args: readonly string[]): Promise<Outcome> => runMain([...args], { cwd: project.path });

async function done(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await run(...args, '--json');
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout) as Record<string, unknown>;
}

async function refused(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...args);
  expect({ code, stdout, stderr }).toMatchObject({ code: 2, stdout: '' });
  expect(stderr).not.toMatch(/^ +at /m);
  return stderr;
}

const page = async (path: string) => parseHTML(await readFile(path, 'utf8')).document;

describe('limaml report', () => {
  let first: string;

  it('before there is a run says what to do', async () => {
    expect(await refused('report', 'latest')).toMatch(
      /^error RUN_MISSING {2}latest\n.*\n.*train one with limaml train/,
    );
    expect(await refused('report')).toMatch(/^error USAGE_MISSING_ARGUMENT/);
  });

  it('of a run that was not evaluated says how to evaluate it, and shows how it learned', async () => {
    await done('prep', 'tiny');
    first = (await done('train', 'tiny'))['run'] as string;
    const { code, stdout } = await run('report', 'latest');
    expect(code).toBe(0);
    expect(stdout).toContain(`Run ${first} has not been evaluated.`);
    expect(stdout).toContain(`Measure it: limaml eval ${first} --baseline widedeep`);
    const document = await page(join(project.path, 'experiments/tiny/runs', first, 'report.html'));
    expect(document.querySelector('h1')!.textContent).toBe('limaml: not evaluated yet');
    expect(document.querySelector('#verdict')!.textContent).toContain(`limaml eval ${first}`);
    expect(document.querySelector('#figure-learning-auc svg')).not.toBeNull();
  });

  it('of an evaluated run has its verdict, as the terminal does', async () => {
    const evaluated = await done('eval', first, '--baseline', 'widedeep');
    const written = await done('report', `tiny/${first}`);
    expect(written).toMatchObject({ kind: 'run', experiment: 'tiny', run: first, runs: 2 });
    const document = await page(written['path'] as string);
    expect(document.querySelector('h1')!.textContent).toBe(written['headline']);
    const [auc] = (evaluated['models'] as ModelResult[]).map(({ metrics }) => metrics['auc']!.value!);
    expect(document.querySelector('#comparison tr.strong td')!.textContent).toContain(auc!.toFixed(4));
    for (const figure of [
      'forest',
      'roc',
      'calibration',
      'inner-steps',
      'support-size',
      'staleness',
      'placebo',
    ])
      expect(document.querySelector(`#figure-${figure} svg`), figure).not.toBeNull();
    expect(document.querySelector('#embeddings')).not.toBeNull();
    const { code, stdout } = await run('report', first);
    expect(code).toBe(0);
    expect(stdout).toContain(written['headline'] as string);
    const shown = (await run('runs', 'show', first)).stdout;
    expect(shown).toContain(`test      AUC ${auc!.toFixed(4)}, widedeep 0.`);
    expect(shown.match(/^[12] +\d\.\d{4} .* best$/gm)).toHaveLength(1);
  });

  it('of an experiment puts its seeds side by side, and writes where it is told', async () => {
    await done('train', 'tiny', '--seed', '2');
    await done('eval', 'latest', '--baseline', 'widedeep');
    const written = await done('report', 'tiny', '--out', 'pages/seeds.html');
    expect(written).toMatchObject({
      kind: 'experiment',
      runs: 4,
      path: join(project.path, 'pages/seeds.html'),
    });
    const document = await page(join(project.path, 'pages/seeds.html'));
    expect(document.querySelector('#seeds')!.textContent).toContain('trained with 2 seeds (1 and 2)');
    expect(document.querySelectorAll('#runs table')[0]!.querySelectorAll('tbody tr').length).toBeGreaterThan(
      3,
    );
    expect(existsSync(join(project.path, 'experiments/tiny/runs/report.html'))).toBe(false);
    await done('new', 'short', '--from', 'tiny');
    const short = (await done('train', 'short', '--set', 'training.epochs=1'))['run'] as string;
    expect((await run('report', 'short')).stderr).toContain(`run ${short} is shown in full: it was trained`);
    expect((await run('report', 'tiny')).stderr).not.toContain('is shown in full');
  });

  it('refuses what cannot be right, and names it', async () => {
    expect(await refused('report', `${first.slice(0, -1)}x`)).toMatch(
      new RegExp(`RUN_MISSING[\\s\\S]*Closest: ${first}`),
    );
    expect(await refused('report', first, '--out', 'experiments')).toMatch(
      /FILE_IS_FOLDER {2}\S*experiments\n/,
    );
    const evaluation = join(project.path, 'experiments/tiny/runs', first, 'eval.json');
    await writeFile(evaluation, '{ "auc": 1 }\n');
    expect(await refused('report', first)).toMatch(
      /RUN_DAMAGED {2}\S*eval\.json[\s\S]*Evaluate the run again: limaml eval/,
    );
    await appendFile(evaluation, 'cut o');
    expect(await refused('report', first)).toMatch(/RUN_DAMAGED {2}\S*eval\.json/);
    await writeFile(
      join(project.path, 'experiments/tiny/runs', first, 'metrics.jsonl'),
      '{"phase":"select","epoch":1,"loss":1}\n{"epo\n{}\n',
    );
    expect(await refused('report', first)).toMatch(/RUN_DAMAGED {2}\S*metrics\.jsonl\n/);
    // Of the rest a page is written; that it is not the whole is said, and no script can miss it.
    const { code, stdout, stderr } = await run('report', 'tiny');
    expect(code).toBe(2);
    expect(stdout).toMatch(/^report +\S*report\.html/m);
    expect(stderr).toMatch(/^error RUN_DAMAGED /m);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(`Run ${first} is left out`);
  });
});
