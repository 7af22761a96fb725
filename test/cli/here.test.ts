// `limaml` alone: what is here, and the command that the work lacks next; and what a shell completes.
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { tagRun } from '../../src/runs/marks.js';
import { madeUpRun } from '../runs/made-up-run.js';
import { temporaryFolder } from '../workflows/small-experiment.js';
import { runMain } from './in-process.js';
import { limaml, ROOT } from './run-limaml.js';

let cwd: string;
beforeEach(async () => {
  cwd = await temporaryFolder();
});
const write = async (file: string, text = ''): Promise<void> => {
  await mkdir(join(cwd, file, '..'), { recursive: true });
  await writeFile(join(cwd, file), text);
};
const ID = '20260101-000000-aaaaaa';

/** The commands that it ends with. */
async function next(): Promise<readonly string[]> {
  const { code, stdout } = await runMain([], { cwd });
  expect(code).toBe(0);
  return stdout.split('\n').flatMap((line) => /: (limaml .*)$/.exec(line)?.[1] ?? []);
}

describe('limaml alone', () => {
  it('goes on from whatever there is', async () => {
    expect(await next()).toEqual(['limaml quickstart', 'limaml init my-log.csv', 'limaml --help']);
    await write('datasets/films.yaml');
    expect((await next())[0]).toBe('limaml prep films --dry-run');
    await write('experiments/a/experiment.yaml');
    await write('prepared/films-1/manifest.json', '{"format":"limaml-prepared"}');
    expect((await next())[0]).toBe('limaml train a');
    madeUpRun(cwd, { id: ID });
    expect((await next())[0]).toBe('limaml eval a/latest --baseline widedeep');
    madeUpRun(cwd, { id: ID, tested: { [ID]: 0.8 } });
    expect((await next())[0]).toBe('limaml export a/latest --out bundle --verify');
  });

  it('trains without the rows that prep left out', async () => {
    const manifest = await readFile(join(ROOT, 'test/fixtures/prepared/manifest.json'), 'utf8');
    const named = { ...(JSON.parse(manifest) as object), dataset: 'films', dropped: { 'rejected rows': 2 } };
    await write('prepared/films-1/manifest.json', JSON.stringify(named));
    await write('datasets/films.yaml');
    await write('experiments/films/experiment.yaml');
    expect((await next())[0]).toBe('limaml train films --on-error reject');
  });

  it('shows what there is, damaged things too, and the same as JSON', async () => {
    await write('datasets/films.yaml');
    await write('bundle/manifest.json', '{"format":"limaml-bundle"}');
    madeUpRun(cwd, { id: ID, tested: { [ID]: 0.8 } });
    await tagRun(join(cwd, 'experiments/a/runs'), ID, 'production');
    const { stdout } = await runMain(['--quiet'], { cwd });
    for (const word of ['films', 'bundle', ID, '0.7500', '0.8000', 'production'])
      expect(stdout).toContain(word);
    const json = await runMain(['here', '--json'], { cwd });
    expect(JSON.parse(json.stdout)).toMatchObject({
      datasets: ['films'],
      experiments: [
        { name: 'a', runs: 1, finished: 1, best: { run: ID, valid: 0.75, test: 0.8 }, tags: ['production'] },
      ],
      bundles: [{ run: null, fault: expect.any(String) }],
    });
  });
});

describe('completion', () => {
  /** What the library prints by itself, in this process. */
  const shown = async (...words: readonly string[]): Promise<string> => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      expect(await runMain(['complete', ...words], { cwd })).toMatchObject({ code: 0 });
      return log.mock.calls.join('\n');
    } finally {
      log.mockRestore();
    }
  };
  const completed = async (...words: readonly string[]): Promise<readonly string[]> => {
    const stdout = await shown('--', ...words);
    return stdout.split('\n').flatMap((line) => (line.includes('\t') ? [line.split('\t')[0]!] : []));
  };

  it('knows commands, flags, runs, tags, recipes and models', async () => {
    madeUpRun(cwd, { id: ID });
    await write('experiments/mine/experiment.yaml');
    await tagRun(join(cwd, 'experiments/a/runs'), ID, 'production');
    expect(await completed('ru')).toEqual(['runs']);
    expect(await completed('runs', 'un')).toEqual(['untag']);
    expect(await completed('runs', 'show', '')).toEqual([
      'latest',
      'best',
      'latest@a',
      'best@a',
      'production',
      ID,
    ]);
    expect(await completed('runs', 'untag', ID, '')).toEqual(['production']);
    expect(await completed('runs', '--sort', 'valid.')).toEqual(['valid.auc']);
    expect(await completed('train', 'm')).toContain('mine');
    expect(await completed('eval', 'latest', '--base')).toEqual(['--baseline']);
    expect(await completed('eval', 'latest', '--baseline', 'w')).toContain('widedeep');
    expect(await completed('train', 'mine', '--on-error', '')).toEqual(['stop', 'reject']);
  });

  it('has a script for bash that bash takes, and for zsh and fish', async () => {
    const script = (await limaml(['complete', 'bash'])).stdout;
    expect(spawnSync('bash', ['-n'], { input: script }).status).toBe(0);
    // Without the package bash-completion, and read twice.
    const typed = (line: string): string => {
      const lines = [
        `limaml() { '${process.execPath}' '${join(ROOT, 'dist/bin/limaml.js')}' "$@"; }`,
        script.replace('return 0', 'true'),
        `COMP_LINE='${line}' COMP_POINT=${line.length}`,
        `__limaml_complete; echo "\${COMPREPLY[*]}"`,
      ];
      return spawnSync('bash', ['--norc'], { input: lines.join('\n'), cwd, encoding: 'utf8' }).stdout.trim();
    };
    madeUpRun(cwd, { id: ID });
    await tagRun(join(cwd, 'experiments/a/runs'), ID, 'production');
    expect(typed('limaml runs unt')).toBe('untag');
    expect(typed('limaml runs show prod')).toBe('production');
    expect(typed('limaml train a --on-error ')).toBe('stop reject');
    expect(await shown('zsh')).toContain('#compdef limaml');
    expect(await shown('fish')).toContain('complete -c limaml');
    expect(await runMain(['complete', 'csh'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('SHELL_UNKNOWN'),
    });
  });
});
