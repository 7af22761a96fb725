// A server that follows a training: what it has after each epoch, and that its absence costs nothing but a warning.
import { afterEach, expect, it } from 'vitest';
import { liveMlflow } from '../../src/exchange/live-mlflow.js';
import type { ProgressEvent } from '../../src/progress.js';
import { trainRun } from '../../src/workflows/train.js';
import { pretendTrainer, smallRequest, temporaryFolder } from '../workflows/small-experiment.js';
import { pretendMlflow, type TestServer, testServer } from './recorded-server.js';

let server: TestServer | undefined;
afterEach(() => server?.close());

async function trained(address: string): Promise<readonly ProgressEvent[]> {
  const cwd = await temporaryFolder();
  const told: ProgressEvent[] = [];
  const watch = liveMlflow({
    env: { MLFLOW_TRACKING_URI: address },
    cwd,
    progress: (event) => told.push(event),
    pausesMs: [],
  });
  await trainRun({ ...(await smallRequest(cwd, { trainer: pretendTrainer(2) })), watch });
  await watch?.end();
  return told;
}

it('has every epoch once, then the end and the files', async () => {
  server = await testServer(pretendMlflow());
  expect(await trained(server.address)).toEqual([]);
  const bodies = server.exchanges.map(
    ({ request: [method, path, body] }) => [`${method} ${path.split('/').slice(4).join('/')}`, body] as const,
  );
  expect(bodies.filter(([path]) => path === 'POST runs/create')).toHaveLength(1);
  const losses = bodies.flatMap(([, body]) =>
    body.includes('"metrics"')
      ? (JSON.parse(body) as { metrics: { key: string; step: number }[] }).metrics.filter(
          ({ key }) => key === 'select/loss',
        )
      : [],
  );
  expect(losses.map(({ step }) => step)).toEqual([1, 2]);
  const updates = bodies
    .filter(([path]) => path === 'POST runs/update')
    .map(([, body]) => (JSON.parse(body) as { status: string }).status);
  expect(updates[0]).toBe('RUNNING');
  expect(updates.at(-1)).toBe('FINISHED');
  expect(bodies.filter(([path]) => path.startsWith('PUT')).map(([path]) => path.split('/').at(-1))).toEqual([
    'config.json',
    'provenance.json',
  ]);
});

it('a server that is not there: two warnings, the second with what sends the run afterwards', async () => {
  server = await testServer(() => [500, '']);
  const { address } = server;
  await server.close();
  server = undefined;
  const told = await trained(address);
  expect(told.map((event) => (event.kind === 'warning' ? event.code : event.kind))).toEqual([
    'MLFLOW_NOT_SENT',
    'MLFLOW_NOT_SENT',
  ]);
  expect(JSON.stringify(told[1])).toMatch(/limaml runs export \S+ --mlflow http/);
});

it('an address of no server is warned of, none is none', () => {
  const told: ProgressEvent[] = [];
  const live = (uri: string) =>
    liveMlflow({ env: { MLFLOW_TRACKING_URI: uri }, cwd: '/', progress: (event) => told.push(event) });
  expect([live(''), live('sqlite:///mlflow.db')]).toEqual([undefined, undefined]);
  expect(told).toHaveLength(1);
});
