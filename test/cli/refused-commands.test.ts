// Commands with nothing to work on: what each says in a project where nothing is trained.
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMain } from './in-process.js';
import { type Project, smallProject } from './small-project.js';

let project: Project;
beforeAll(async () => {
  project = await smallProject();
});
afterAll(() => project.remove());

/** A folder that looks like a run that was stopped. */
async function stoppedRun(id: string): Promise<void> {
  const path = join(project.path, 'experiments/tiny/runs', id);
  await mkdir(path, { recursive: true });
  for (const file of ['config.json', 'provenance.json']) await writeFile(join(path, file), '{}');
}

async function refused(args: readonly string[], cwd = project.path): Promise<string> {
  const { code, stdout, stderr } = await runMain(args, { cwd });
  expect({ code, stdout, stderr }).toMatchObject({ code: 2, stdout: '' });
  return stderr;
}

describe('refused by name:', () => {
  it('check, where no experiment has an expectation', async () => {
    expect(await refused(['check'])).toMatch(/^error CHECK_NOTHING {2}.*\n.*expected\.json[\s\S]*--update/);
  });

  it('report, of an experiment without a finished run', async () => {
    await stoppedRun('20260101-000000-aaaaaa');
    expect(await refused(['report', 'tiny'])).toMatch(
      /^error EXPERIMENT_NO_RUNS {2}tiny\n[\s\S]*limaml train tiny/,
    );
  });

  it('compare, of a run with itself, however it is named', async () => {
    await stoppedRun('20260101-000000-aaaaaa');
    expect(await refused(['compare', '20260101', 'tiny/20260101-000000-aaaaaa'])).toMatch(
      /^error COMPARE_ONE_RUN /,
    );
  });

  it('runs export, without a target', async () => {
    expect(await refused(['runs', 'export'])).toMatch(
      /^error RUNS_EXPORT_NOWHERE[\s\S]*--mlflow DIR, --tensorboard DIR/,
    );
  });

  it('score, without the flag that it needs', async () => {
    expect(await refused(['score'])).toMatch(/^error USAGE_MISSING_FLAG {2}limaml score\n.*--bundle/);
  });

  it.each([
    ['--verify'],
    ['--to', 'sqlite:v.db'],
    ['--vectors', 'int8'],
    ['--through', 'train'],
    ['--shards', '2', '--shard', '0'],
  ])('export --training, with %s, which is for a bundle', async (...flags) => {
    expect(await refused(['export', 'latest', '--out', 'x', '--training', '2', ...flags])).toContain(
      `error USAGE  limaml export\n  ${flags[0]} is for a bundle`,
    );
  });
});

it.each(['a/b', '..', '', 'ABC', '../../evil'])(
  'init --name %s, which no data set may be called',
  async (name) => {
    expect(await refused(['init', 'raw/events.csv', '--name', name])).toMatch(/^error DATASET_NAME /);
  },
);

describe('a place that cannot be written', () => {
  it('since a file is where its folder would be', async () => {
    expect(await refused(['init', 'raw/events.csv', '--name', 'other', '--out', 'raw/films.csv'])).toMatch(
      /^error FILE_EXISTS .*films\.csv/m,
    );
  });

  it('since its folder is a file', async () => {
    expect(await refused(['init', 'raw/events.csv', '--out', 'raw/films.csv/tiny.yaml'])).toMatch(
      /^error FILE_NOT_FOLDER .*films\.csv/m,
    );
  });

  it('since that is not permitted', async () => {
    // Root may write anywhere but where the kernel itself says no.
    const root = process.getuid?.() === 0;
    const place = root ? '/sys' : join(project.path, 'locked');
    if (!root) {
      await mkdir(place);
      await chmod(place, 0o500);
    }
    expect(await refused(['init', 'raw/events.csv', '--out', join(place, 'tiny.yaml')])).toMatch(
      /^error FILE_NO_PERMISSION .*tiny\.yaml/m,
    );
  });
});
