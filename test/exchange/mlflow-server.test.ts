// Runs sent to an MLflow server. What a real one answered is recorded, with what its own client then saw
// (test/fixtures/make/record-mlflow-server.py); what we ask must be those requests still.
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { exportRuns } from '../../src/exchange/export-runs.js';
import { mlflowRun } from '../../src/exchange/mlflow-run.js';
import { mlflowServer } from '../../src/exchange/mlflow-server.js';
import { dropAlias, setAlias, versionOf } from '../../src/exchange/registered-model.js';
import { registerModel, sendArtifacts, sendRun } from '../../src/exchange/send-mlflow.js';
import { sendWholeRun } from '../../src/exchange/send-runs.js';
import { silent } from '../../src/progress.js';
import { BUNDLE } from '../bundle/committed-bundle.js';
import { temporaryFolder } from '../workflows/small-experiment.js';
import { describedRun, TIMINGS } from './described-run.js';
import { type Exchange, passedOnTo, recorded, type TestServer, testServer } from './recorded-server.js';

const RECORD = resolve(dirname(fileURLToPath(import.meta.url)), '../fixtures/experiments/mlflow-server.json');
/** Address of a real server: then it is recorded anew. */
const REAL = process.env['LIMAML_MLFLOW_SERVER'];

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function served(...parts: Parameters<typeof testServer>): Promise<TestServer> {
  const server = await testServer(...parts);
  servers.push(server);
  return server;
}

const run = mlflowRun(describedRun(), TIMINGS);
const evaluated = mlflowRun(describedRun({ testAuc: 0.78125 }), TIMINGS);

interface Record {
  readonly exchanges: readonly Exchange[];
  readonly seen: {
    readonly status: string;
    readonly params: object;
    readonly tags: object;
    readonly metrics: Readonly<
      globalThis.Record<string, readonly [step: number, timestamp: number, value: number][]>
    >;
    readonly artifacts: readonly string[];
    readonly file: string;
    readonly model: { readonly version: string; readonly source: string; readonly run: string };
    readonly aliases: object;
  };
}

it('a run, its evaluation later, files and a registered model', async () => {
  const record = JSON.parse(await readFile(RECORD, 'utf8')) as Record;
  const { address, exchanges } = await served(
    REAL === undefined ? recorded(record.exchanges) : passedOnTo(REAL),
  );
  const server = mlflowServer(address, {}, []);
  const first = await sendRun(server, run);
  const second = await sendRun(server, evaluated, new Map([['select/loss', 2]]));
  expect({ ...second, page: '' }).toEqual({ ...first, page: '' });
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a b.txt'), 'what is sent');
  await sendArtifacts(server, second, [{ place: 'of/it.txt', file: join(folder, 'a b.txt') }]);
  expect(await registerModel(server, second, 'news', 'of')).toBe('1');
  expect(await registerModel(server, second, 'news', 'of')).toBe('2');
  const bundle = { model: 'news', place: 'of', hash: 'abc' };
  expect(await versionOf(server, second, bundle)).toBe('3');
  // The same bundle is the same version.
  expect(await versionOf(server, second, bundle)).toBe('3');
  for (const [alias, version] of [
    ['production', '1'],
    ['production', '3'],
    ['candidate', '2'],
  ] as const)
    await setAlias(server, 'news', alias, version);
  await dropAlias(server, 'news', 'candidate');
  await dropAlias(server, 'news', 'never-given');
  if (REAL !== undefined) {
    await writeFile(RECORD, `${JSON.stringify({ ...record, exchanges }, null, 1)}\n`);
    return;
  }
  expect(exchanges).toEqual(record.exchanges);
  const { seen } = record;
  expect(seen).toMatchObject({
    status: 'FINISHED',
    params: Object.fromEntries(run.parameters),
    tags: { ...Object.fromEntries(run.tags), 'limaml.run': run.name },
    artifacts: ['of/it.txt'],
    file: 'what is sent',
    model: { version: '2', source: `${first.artifactUri}/of`, run: first.runId },
    aliases: { production: '3' },
  });
  expect(Object.keys(seen.metrics).sort()).toEqual([...evaluated.metrics.keys()].sort());
  for (const [name, points] of evaluated.metrics)
    expect(seen.metrics[name]).toEqual(points.map(({ step, atMs, value }) => [step, atMs, value]));
});

const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

it('a server in trouble is asked again, one that refuses or is not there is told', async () => {
  const shaky = await served((_, turn) => (turn < 2 ? [503, ''] : [200, '{"ok":1}']));
  expect(await mlflowServer(shaky.address, {}, [1, 1]).call('GET', 'x', { a: 'b c' })).toEqual({ ok: 1 });
  expect(shaky.exchanges.map(({ request }) => request[1])).toEqual(Array(3).fill('/api/2.0/mlflow/x?a=b+c'));
  const down = await served(() => [503, '']);
  expect(await errorOf(mlflowServer(down.address, {}, [1]).call('POST', 'x', {}))).toMatchObject({
    code: 'MLFLOW_UNREACHABLE',
    what: 'The MLflow server does not answer: it answers 503 Service Unavailable.',
  });
  expect(await errorOf(mlflowServer(down.address, {}, [1]).call('POST', 'x', {}, true))).toMatchObject({
    code: 'MLFLOW_UNREACHABLE',
  });
  expect(down.exchanges).toHaveLength(3);
  await down.close();
  servers.pop();
  expect(await errorOf(mlflowServer(down.address, {}, []).call('GET', 'x', {}))).toMatchObject({
    code: 'MLFLOW_UNREACHABLE',
    what: expect.stringContaining('ECONNREFUSED'),
  });
  const strict = await served(([, path], _turn, { authorization }) =>
    authorization === undefined
      ? [401, 'who are you?']
      : path.includes('none')
        ? [404, '{"error_code":"RESOURCE_DOES_NOT_EXIST"}']
        : [200, JSON.stringify({ authorization })],
  );
  const call = (server: ReturnType<typeof mlflowServer>, path = 'x') => server.call('GET', path, {});
  expect(await errorOf(call(mlflowServer(strict.address, {})))).toMatchObject({
    code: 'MLFLOW_REFUSED',
    what: 'The server answers 401: who are you?',
    next: expect.stringContaining('MLFLOW_TRACKING_USERNAME'),
  });
  const named = mlflowServer(strict.address.replace('//', '//eve:a%40b@'), {});
  expect(named.address).toBe(strict.address);
  expect(await call(named)).toEqual({ authorization: `Basic ${Buffer.from('eve:a@b').toString('base64')}` });
  const apart = { MLFLOW_TRACKING_USERNAME: 'eve', MLFLOW_TRACKING_PASSWORD: 'a@b' };
  expect(await call(mlflowServer(strict.address, apart))).toEqual(await call(named));
  expect(await call(named, 'none')).toBeUndefined();
  expect(await call(mlflowServer(strict.address, { MLFLOW_TRACKING_TOKEN: 't' }))).toEqual({
    authorization: 'Bearer t',
  });
  expect(() => mlflowServer('file:///store', {})).toThrow(
    expect.objectContaining({ code: 'MLFLOW_ADDRESS' }),
  );
});

it('files that the server does not take, and a bundle of another run', async () => {
  const elsewhere = { runId: 'r', experimentId: '1', page: '', artifactUri: 's3://store/1/r/artifacts' };
  const server = mlflowServer('http://127.0.0.1:9', {}, []);
  expect(await errorOf(sendArtifacts(server, elsewhere, []))).toMatchObject({ code: 'MLFLOW_NO_ARTIFACTS' });
  const large = join(await temporaryFolder(), 'embeddings.parquet');
  await writeFile(large, '');
  await truncate(large, 2 ** 30 + 1);
  const here = { ...elsewhere, artifactUri: 'mlflow-artifacts:/1/r/artifacts' };
  expect(
    await errorOf(sendArtifacts(server, here, [{ place: 'bundle/embeddings.parquet', file: large }])),
  ).toMatchObject({ code: 'MLFLOW_NO_ARTIFACTS', where: large });
  const other = { folder: BUNDLE, register: 'news' };
  expect(await errorOf(sendWholeRun(server, describedRun(), TIMINGS, other))).toMatchObject({
    code: 'MLFLOW_OTHER_BUNDLE',
  });
  const request = { runs: [], tensorboard: undefined, env: {}, cwd: '/nowhere', progress: silent };
  for (const odd of [
    { mlflow: 'http://127.0.0.1:9', bundle: 'bundle', register: undefined },
    { mlflow: 'mlruns', bundle: undefined, register: 'news' },
  ])
    expect(await errorOf(exportRuns({ ...request, ...odd }))).toMatchObject({ code: 'RUNS_EXPORT_BUNDLE' });
});
