// `limaml runs` and its commands, over made-up runs: what is shown, what is refused, what is gone afterwards.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryNames } from '../../src/temporary-names.js';
import { madeUpRun } from '../runs/made-up-run.js';
import { temporaryFolder } from '../workflows/small-experiment.js';
import { runMain } from './in-process.js';
import type { Outcome } from './run-limaml.js';

const OWN = '20260101-000000-aaaaaa';
const BASE = '20260101-000100-bbbbbb';
const LOOSE = '20260102-000000-cccccc';
const BROKEN = '20260103-000000-dddddd';
let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
  madeUpRun(cwd, { id: OWN, tested: { [OWN]: 0.8, [BASE]: 0.7 } });
  madeUpRun(cwd, { id: BASE, model: 'widedeep', baselineOf: OWN });
  madeUpRun(cwd, { id: LOOSE, seed: 2, valid: { auc: 0.7 } });
  madeUpRun(cwd, { id: BROKEN, finished: false });
});

const run = (...args: readonly string[]): Promise<Outcome> =>
  runMain(args, { cwd, now: () => new Date('2026-01-09T00:00:00Z') });
const folder = (id: string): string => join(cwd, 'experiments', 'a', 'runs', id);

describe('the list', () => {
  it('shows validation and test AUC, baselines, tags and notes', async () => {
    await run('runs', 'tag', OWN, 'production');
    await run('runs', 'note', 'production', 'the first that held');
    const { code, stdout } = await run('runs');
    expect(code).toBe(0);
    const cells = stdout.split('\n').map((line) => line.split(/ {2,}/));
    const of = (id: string): readonly string[] => cells.find((line) => line.includes(id)) ?? [];
    expect(of(OWN).slice(2, 11)).toEqual([
      'finished',
      'limaml',
      '1',
      '0.7500',
      '0.8000',
      'production',
      '1',
      '2.0 s',
      'tiny',
    ]);
    expect(stdout).toContain('“the first');
    expect(of(BASE).slice(3, 7)).toEqual(['widedeep', '1', '0.7500', '0.7000']);
    expect(of(LOOSE).slice(4, 7)).toEqual(['2', '0.7000', '–']);
    expect(of(BROKEN)[2]).toBe('interrupted');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('One run in full: limaml runs show best@a');
  });

  it('is filtered and sorted, and says of how many', async () => {
    const { stdout } = await run(
      'runs',
      '--where',
      'state=finished',
      '--sort',
      'valid.logLoss',
      '--where',
      'auc>0',
    );
    expect(stdout).toContain('2 of 4 runs');
    const json = await run('runs', '--where', 'auc>0.5', '--sort', 'auc', '--json');
    expect((JSON.parse(json.stdout) as { runs: { id: string }[] }).runs.map(({ id }) => id)).toEqual([
      OWN,
      BASE,
    ]);
    expect((await run('runs', '--where', 'model=deep')).stdout).toBe(
      'None of the 4 runs here is of that kind.\n',
    );
  });

  it('is as long as --limit says, whole as JSON, and names the command that shows the rest', async () => {
    for (let n = 0; n < 50; n++) madeUpRun(cwd, { experiment: 'b', id: `20260104-0000${10 + n}-eeeeee` });
    const shown = async (...flags: readonly string[]): Promise<readonly string[]> => {
      const { stdout } = await run('runs', ...flags);
      return stdout.match(/2026\d{4}-\d{6}-\w{6}(?= {2})/g) ?? [];
    };
    const newest = await shown();
    expect(newest).toHaveLength(50);
    expect(newest).not.toContain(OWN);
    expect(await shown('--limit', 'all')).toHaveLength(54);
    // Conditions hold before the limit does.
    expect(await shown('--where', 'experiment=a', '--sort', 'auc', '--limit', '1')).toEqual([OWN]);
    const { stdout } = await run('runs', '--where', 'seed<2', '--sort', 'auc');
    expect(stdout).toContain(
      "The first 50 of 53 that match, 54 in all\nAll of them: limaml runs --where 'seed<2' --sort auc --limit all\n",
    );
    const { runs } = JSON.parse((await run('runs', '--json')).stdout) as { runs: readonly unknown[] };
    expect(runs).toHaveLength(54);
    expect((await run('runs', '--limit', 'some')).stderr).toContain('at least 1, or "all", is expected');
  });

  it('goes on past a damaged run and damaged tags, and ends with 2', async () => {
    writeFileSync(join(folder(LOOSE), 'config.json'), '{');
    writeFileSync(join(cwd, 'experiments', 'a', 'runs', 'marks.json'), '{');
    const { code, stdout, stderr } = await run('runs');
    expect(code).toBe(2);
    expect(stdout).toContain(BASE);
    expect(stdout).not.toContain(LOOSE);
    expect(stderr.replace(/\s+/g, ' ')).toContain(`Run ${LOOSE} is left out.`);
    expect(stderr.replace(/\s+/g, ' ')).toContain('Runs are listed without tags and notes.');
    expect(stderr).toContain('marks.json');
    expect((await run('runs', 'show', 'production')).stderr).toContain('marks.json');
  });
});

describe('removing', () => {
  it('is refused for what is tagged, compared with or has baselines; then none goes', async () => {
    await run('runs', 'tag', OWN, 'production');
    const { code, stderr } = await run('runs', 'rm', 'production', BASE, LOOSE);
    expect(code).toBe(2);
    expect(stderr).toContain(`RUN_NEEDED  ${OWN}`);
    expect(stderr).toContain('it is tagged "production"');
    // The baseline and the evaluation that names it would go together.
    expect(stderr).not.toContain(`RUN_NEEDED  ${BASE}`);
    expect((await run('runs', 'rm', BASE)).stderr).toContain(`run ${OWN} was compared with it`);
    expect([OWN, BASE, LOOSE].map(folder).every(existsSync)).toBe(true);
    // "latest" would not do: what is forced is named in full.
    expect((await run('runs', 'rm', 'production', '--force', 'production')).code).toBe(2);
  });

  it('is refused for what a bundle was exported from', async () => {
    mkdirSync(join(cwd, 'bundle'));
    writeFileSync(join(cwd, 'bundle', 'manifest.json'), JSON.stringify({ format: 'limaml-bundle' }));
    // A bundle that cannot be read might have been exported from any run.
    expect((await run('runs', 'rm', LOOSE)).stderr).toContain('bundle');
  });

  it('with --dry-run ends with the command that does it', async () => {
    const last = async (...words: readonly string[]): Promise<string | undefined> =>
      (await run('runs', ...words)).stdout.trimEnd().split('\n').at(-1);
    expect(await last('gc', '--days', '1', '--dry-run')).toBe('Remove them: limaml runs gc --days 1');
    expect(await last('rm', LOOSE, '--dry-run')).toBe(`Remove them: limaml runs rm ${LOOSE}`);
    expect(await last('rm', LOOSE)).toBe('What is left: limaml runs');
  });

  it('takes the folder, the tags and the note', async () => {
    await run('runs', 'tag', LOOSE, 'old');
    const { code, stdout } = await run('runs', 'rm', 'old', '--force', LOOSE);
    expect(code).toBe(0);
    expect(stdout).toContain('removed 1 run, ');
    expect(existsSync(folder(LOOSE))).toBe(false);
    expect((await run('runs', 'show', 'old')).stderr).toContain('RUN_MISSING');
  });

  it('takes a damaged run by its id', async () => {
    writeFileSync(join(folder(LOOSE), 'config.json'), '{');
    expect((await run('runs', 'rm', LOOSE)).code).toBe(0);
    expect(existsSync(folder(LOOSE))).toBe(false);
  });
});

describe('gc', () => {
  it('takes old unfinished runs and baselines of runs that are gone, and with --dry-run nothing', async () => {
    madeUpRun(cwd, { id: '20250101-000000-eeeeee', model: 'deep', baselineOf: 'gone' });
    const dry = await run('runs', 'gc', '--dry-run');
    expect(dry.stdout).toContain('would remove 2 runs');
    expect(dry.stdout).toContain('interrupted, 8 days old');
    expect(dry.stdout).toContain('baseline of gone, which is gone');
    expect(existsSync(folder(BROKEN))).toBe(true);
    expect((await run('runs', 'gc', '--days', '9', '--dry-run')).stdout).toContain('would remove 1 run,');
    await run('runs', 'gc');
    expect([BROKEN, '20250101-000000-eeeeee', OWN, BASE, LOOSE].map((id) => existsSync(folder(id)))).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
    expect((await run('runs', 'gc')).stdout).toContain('Nothing to remove.');
  });
});

it('a folder of a removal that was killed is no run', async () => {
  mkdirSync(`${temporaryNames(folder(`.${LOOSE}`))('work')}/checkpoint`, { recursive: true });
  expect((await run('runs', '--json')).code).toBe(0);
});
