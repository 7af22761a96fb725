// What README and the help texts say to type, typed in that order, each on the state that the one before left.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.js';
import type { CommandSpec } from '../../src/cli/spec/command.js';
import { pretendMlflow, type TestServer, testServer } from '../exchange/recorded-server.js';
import { documentedStage, type Stage } from './documented-stage.js';
import { ROOT } from './run-limaml.js';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** Lines of the shell blocks of README, comments off; what npm runs is left to the whole check of a clone. */
const readmeLines = [...README.matchAll(/^```sh\n([\s\S]*?)^```/gm)]
  .flatMap(([, block]) => block!.split('\n'))
  .map((line) => line.replace(/\s+#.*$/, '').trim())
  .filter((line) => line !== '');

function exampleLines(spec: CommandSpec, above = ''): readonly string[] {
  const own = spec.examples ?? [];
  return [...own, ...(spec.commands ?? []).flatMap((sub) => exampleLines(sub, `${above}${spec.name} `))];
}

/** The order in which one would get there: what a command needs is made by those before it. One that is not named comes last. */
const ORDER = [
  ...[
    'doctor',
    'complete',
    'here',
    'models',
    'schema',
    'new',
    'validate',
    'init',
    'prep',
    'quickstart',
    'train',
    'sweep',
    'eval',
    'runs',
    'compare',
    'results',
  ],
  ...['report', 'check', 'export', 'merge', 'verify', 'score', 'refresh', 'store', 'serve'],
];

/** End with 2 here, where no training was interrupted and no other bundle was published before. */
const REFUSED = ['train synthetic --resume', 'store rollback lmdb:vectors'];

/** A store that needs no server; its client is installed beside limaml. */
const hasLmdb = await import('lmdb' as string).then(
  () => true,
  () => false,
);

/** Lines of README that ended well. */
const readmeTyped = new Set<string>();

let stage: Stage;
let mlflow: TestServer;
beforeAll(async () => {
  mlflow = await testServer(pretendMlflow());
  stage = await documentedStage();
  // The gate's record is the stage's own.
  expect((await stage.run('check synthetic --update')).code).toBe(0);
});
afterAll(async () => {
  await mlflow.close();
  await stage.remove();
});

async function runIds(): Promise<readonly string[]> {
  const { said } = await stage.run('runs --json');
  return [...said.matchAll(/"id": "(\d{8}-\d{6}-[0-9a-f]+)"/g)].map(([, id]) => id!);
}

async function typed(line: string, expected = 0): Promise<void> {
  const ids = /<run>|\b20260802-141502\b/.test(line) ? await runIds() : [];
  const [mine = ''] = existsSync(join(stage.cwd, 'prepared'))
    ? readdirSync(join(stage.cwd, 'prepared')).filter((name) => name.startsWith('my-log-'))
    : [];
  const words = line
    .replace(/<run>/, ids[0]!)
    .replace(/<run>|\b20260802-141502\b/g, ids.at(-1)!)
    .replace('http://localhost:5000', mlflow.address)
    .replace('prepared/mine-0123abcd', `prepared/${mine}`);
  const { code, said } = await stage.run(words);
  expect({ line: words, code, said: code === expected ? '' : said }).toEqual({
    line: words,
    code: expected,
    said: '',
  });
}

describe('README', () => {
  it('says nothing that does not run', async () => {
    expect(readmeLines.filter((line) => line.startsWith('npm '))).toEqual([
      'npm ci && npm run quickstart',
      'npm ci && npm test',
    ]);
    const lines = ['quickstart', ...readmeLines.flatMap((line) => /^npx limaml (.*)$/.exec(line)?.[1] ?? [])];
    expect(lines.length).toBeGreaterThan(11);
    for (const line of lines) {
      await typed(line);
      readmeTyped.add(line);
    }
  });
});

describe('help', () => {
  it('gives examples that run, of every command', async () => {
    const names = COMMANDS.map(({ name }) => name);
    expect(ORDER.filter((name) => !names.includes(name))).toEqual([]);
    // What the examples call mine is the log described above.
    await rename(join(stage.cwd, 'datasets/my-log.yaml'), join(stage.cwd, 'datasets/mine.yaml'));
    await rename(join(stage.cwd, 'experiments/my-log'), join(stage.cwd, 'experiments/mine'));
    expect((await stage.run('train movielens-100k')).code).toBe(0);
    let ran = 0;
    for (const name of new Set([...ORDER, ...names]))
      for (const line of exampleLines(COMMANDS.find((command) => command.name === name)!)) {
        if (line.includes('lmdb:') && !hasLmdb) continue;
        // Ends when it is told to: test/cli/serve.test.ts.
        if (name === 'serve') continue;
        ran++;
        // Some stand in README word for word.
        if (readmeTyped.has(line)) continue;
        await typed(line, REFUSED.includes(line) ? 2 : 0);
      }
    expect(ran).toBeGreaterThan(30);
  });
});
