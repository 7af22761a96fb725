// `limaml serve`: the same numbers as score and refresh, at once; bad requests are told; nothing is dropped when bundles change.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type Bundle, openBundle } from '../../../src/bundle/open.js';
import { silent } from '../../../src/progress.js';
import { readJsonRows } from '../../../src/serving/live/json-rows.js';
import { liveBundle } from '../../../src/serving/live/live-bundle.js';
import { eventFields } from '../../../src/serving/live/live-fields.js';
import type { ServeRequest } from '../../../src/serving/live/serve-bundle.js';
import { refreshBundle } from '../../../src/serving/refresh-bundle.js';
import { scoreRows } from '../../../src/serving/score-rows.js';
import { BUNDLE } from '../../bundle/committed-bundle.js';
import { canServe, served } from './served.js';

const LATER = 1_700_000_000_000;
const ROWS = [
  { entity: 'm1', item: 'f3', price: 12 },
  { entity: 'm2', item: 'f1', price: null },
  { entity: 'nobody', item: 'f2', price: 3 },
];
const EVENTS = [
  { entity: 'm1', item: 'f2', timestamp_ms: LATER, label: 1, price: 3.5 },
  { entity: 'stranger', item: 'f2', timestamp_ms: LATER + 5, label: 1, price: null },
  { entity: 'm1', item: 'f4', timestamp_ms: LATER + 1, label: 0, price: null },
];

const csvOf = (rows: readonly object[]): string =>
  `${[Object.keys(rows[0]!).join(), ...rows.map((row) => Object.values(row).join())].join('\n')}\n`;

async function scored(folder: string): Promise<readonly number[]> {
  let text = '';
  await scoreRows({
    folder,
    input: Readable.from([csvOf(ROWS)], { objectMode: false }),
    batchRows: 10,
    lookup: true,
    format: 'json-lines',
    write: async (part) => {
      text += part;
    },
  });
  return text
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { probability: number }).probability);
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  for (const [i, value] of found.entries()) expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-6);
}

const refresh = (folder: string, csv: string, outDirectory = folder) =>
  refreshBundle({
    folder,
    outDirectory,
    events: Readable.from([csv], { objectMode: false }),
    eventsName: 'journal',
    progress: silent,
  });

describe.skipIf(!canServe)('a server', () => {
  it('scores as `score` does, adapts as `refresh` does, and keeps both over a change of bundles', async () => {
    const journal = join((await import('node:os')).tmpdir(), `limaml-journal-${process.pid}.csv`);
    const server = await served({ journal });
    const score = async () => (await server.post('/score', { rows: ROWS })).json;
    const before = await score();
    expectClose(before.probability, await scored(server.bundle));
    expect(before).toMatchObject({ priors: 1, unknownItems: 0 });
    const strange = await server.post('/score', { rows: [ROWS[0], { ...ROWS[1], item: 'film-1' }] });
    expect(strange.json).toMatchObject({ priors: 0, unknownItems: 1 });
    expect((await server.get('/metrics')).text).toMatch(/^limaml_unknown_item_rows_total 1$/m);
    const adapted = await server.post('/events', { events: EVENTS });
    expect(adapted).toMatchObject({ status: 200, json: { events: 3, known: 0, adapted: 2, added: 1 } });
    const again = await server.post('/events', { events: EVENTS.slice(0, 2) });
    expect(again.json).toMatchObject({ events: 2, known: 2, adapted: 0 });
    // What is in the journal makes the same vectors, by refresh.
    const newer = join(server.folder, 'newer');
    expect(await refresh(server.bundle, readFileSync(journal, 'utf8'), newer)).toMatchObject({
      events: 3,
      adapted: 2,
    });
    const after = (await score()).probability;
    expectClose(after, await scored(newer));
    expect(Math.abs(after[0] - before.probability[0])).toBeGreaterThan(1e-5);

    // Another refresh takes the place of the bundle while requests go on.
    let running = true;
    const answers: { status: number; json: { bundle: string } }[] = [];
    const asking = Promise.all(
      [0, 1, 2].map(async () => {
        while (running) {
          answers.push(await server.post('/score', { rows: ROWS }));
          await new Promise((done) => setTimeout(done, 10));
        }
      }),
    );
    const { hash } = await refresh(server.bundle, csvOf([{ ...EVENTS[0], entity: 'm2' }]));
    while ((await server.get('/healthz')).json.bundle !== hash)
      await new Promise((done) => setTimeout(done, 20));
    running = false;
    await asking;
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answers.length).toBeGreaterThan(3);
    await refresh(newer, csvOf([{ ...EVENTS[0], entity: 'm2' }]));
    expectClose((await score()).probability, await scored(newer));
    expect((await server.get('/metrics')).text).toMatch(/^limaml_events_total 5$/m);
    expect((await server.get('/metrics')).text).toContain(`limaml_bundle_info{hash="${hash}"} 1`);
    const { paths } = (await server.get('/openapi.json')).json;
    expect(Object.keys(paths)).toEqual(['/score', '/events', '/healthz', '/metrics']);
    expect((await server.get('/')).text).toContain('<textarea id="events"');
    await server.close();
    await expect(fetch(`${server.address}/healthz`)).rejects.toThrow();
    rmSync(journal);
    rmSync(server.folder, { recursive: true });
  });

  it('says what is wrong with a request, and takes no more than it can', async () => {
    const server = await served({
      mostMembers: 1,
      limits: { rows: 4, pending: 1, bodyBytes: 3000, timeoutMs: 10_000 },
    });
    const [row] = ROWS;
    const [event] = EVENTS;
    const refused: readonly (readonly [string, unknown, number, object])[] = [
      [
        '/score',
        '{',
        400,
        { where: 'request', next: expect.stringContaining('content-type: application/json') },
      ],
      ['/score', { rows: 'all' }, 400, { code: 'LIVE_BAD_REQUEST', where: 'rows' }],
      ['/score', { rows: [] }, 400, { where: 'rows' }],
      ['/score', { rows: [7] }, 400, { where: 'rows[0]' }],
      ['/score', { rows: [row], more: 1 }, 400, { where: 'body' }],
      [
        '/score',
        { rows: [row, { ...row, prise: 2 }] },
        400,
        { where: 'rows[1]', what: expect.stringContaining('Closest: "price"') },
      ],
      ['/score', { rows: [{ entity: 'm1', item: 'f1' }] }, 400, { where: 'rows[0].price' }],
      ['/score', { rows: [{ ...row, price: '3' }] }, 400, { where: 'rows[0].price' }],
      ['/score', { rows: [{ ...row, price: 1e39 }] }, 400, { where: 'rows[0].price' }],
      ['/score', { rows: [{ ...row, entity: '' }] }, 400, { where: 'rows[0].entity' }],
      ['/score', { rows: [{ ...row, tags: ['a', 3] }] }, 400, { where: 'rows[0].tags' }],
      [
        '/score',
        { rows: new Array(5).fill(row) },
        400,
        { what: expect.stringContaining('5 rows are more than the 4') },
      ],
      ['/score', { rows: [{ ...row, item: 'x'.repeat(3000) }] }, 413, { next: 'Send fewer rows at a time.' }],
      ['/events', { events: [{ ...event, label: 0.5 }] }, 400, { where: 'events[0].label' }],
      [
        '/events',
        { events: [{ ...event, timestamp_ms: LATER / 1000 }] },
        400,
        { where: 'events[0].timestamp_ms' },
      ],
      ['/events', { events: EVENTS }, 503, { code: 'LIVE_FULL' }],
      ['/nowhere', {}, 404, { code: 'LIVE_NO_ROUTE' }],
    ];
    for (const [path, body, status, error] of refused)
      expect(await server.post(path, body), JSON.stringify(body).slice(0, 200)).toMatchObject({
        status,
        json: { error },
      });
    const many = await Promise.all(Array.from({ length: 8 }, () => server.post('/score', { rows: ROWS })));
    const statuses = many.map(({ status }) => status);
    expect(statuses).toContain(200);
    expect(many.filter(({ status }) => status === 503)[0]!.json.error.code).toBe('LIVE_BUSY');
    const port = Number(new URL(server.address).port);
    await expect(served({ port })).rejects.toMatchObject({ code: 'SERVE_ADDRESS' });
    await server.close();
    rmSync(server.folder, { recursive: true });
  });

  it('tells its own faults to whoever runs it, and not to whoever asks', async () => {
    const told: string[] = [];
    const limits = { pending: 1, bodyBytes: 3000, timeoutMs: 10_000 };
    Object.defineProperty(limits, 'rows', {
      get: () => {
        throw new Error('the inside of it');
      },
    });
    const server = await served({
      limits: limits as ServeRequest['limits'],
      progress: (event) => void (event.kind === 'warning' && told.push(`${event.code} ${event.text}`)),
    });
    const { status, text, json } = await server.post('/score', { rows: ROWS });
    expect([status, json.error.code]).toEqual([500, 'LIVE_FAULT']);
    expect(text).not.toContain('inside');
    expect(told).toEqual([expect.stringMatching(/^SERVE_FAULT Error: the inside of it/)]);
    await server.close();
    rmSync(server.folder, { recursive: true });
  });

  it('keeps serving where the newer bundle cannot be read', async () => {
    const warnings: string[] = [];
    const server = await served({
      progress: (event) => void (event.kind === 'warning' && warnings.push(event.code)),
    });
    writeFileSync(join(server.bundle, 'manifest.json'), '{}');
    while (warnings.length === 0) await new Promise((done) => setTimeout(done, 20));
    expect(warnings).toEqual(['SERVE_RELOAD']);
    expect((await server.post('/score', { rows: ROWS })).status).toBe(200);
    await server.close();
    rmSync(server.folder, { recursive: true });
  });
});

it('events that could not be kept are not known when they come again', async () => {
  const bundle = await openBundle(BUNDLE);
  const live = liveBundle(bundle, 9);
  const events = readJsonRows(EVENTS, 'events', eventFields(bundle.manifest), 9);
  const kept: number[] = [];
  const full = () => Promise.reject(new Error('no space left'));
  await expect(live.adapt(events, full)).rejects.toThrow('no space left');
  expect(live.members()).toBe(0);
  const keep = async ({ rows }: { readonly rows: number }) => void kept.push(rows);
  expect(await live.adapt(events, keep)).toMatchObject({ known: 0, adapted: 2, added: 1 });
  expect(await live.adapt(events, keep)).toMatchObject({ known: 3, adapted: 0 });
  expect(kept).toEqual([3]);
  await bundle.close();
});

it('a model that adapts nothing takes no events', async () => {
  const bundle = { manifest: { adapt: null, model: { name: 'deep' } }, store: {} } as unknown as Bundle;
  const events = { rows: 0, columns: new Map() };
  await expect(liveBundle(bundle, 1).adapt(events)).rejects.toMatchObject({ code: 'LIVE_ADAPTS_NOTHING' });
});
