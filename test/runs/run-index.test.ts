// The index of many runs: it saves reading, and is never believed over the files.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { listSummaries } from '../../src/runs/list.js';
import { madeUpRun } from './made-up-run.js';

/** As few as are worth an index. */
const COUNT = 64;
const id = (n: number): string => `20260101-0000${String(n).padStart(2, '0')}-aaaaaa`;
let began: number;
let cwd: string;
let runs: string;
let index: string;

const remake = (n: number, auc = n / 1000): string =>
  madeUpRun(cwd, { id: id(n), valid: { auc: n / 100 }, tested: { [id(n)]: auc } });

beforeAll(() => {
  began = Date.now();
  cwd = mkdtempSync(join(tmpdir(), 'limaml-index-'));
  runs = join(cwd, 'experiments', 'a', 'runs');
  index = join(runs, '.index.json');
  for (let n = 0; n < COUNT; n++) remake(n);
});
afterAll(() => rmSync(cwd, { recursive: true }));

const now = Date.now.bind(Date);
beforeEach(() => {
  // What was written this instant is not yet believed to be as it was read.
  vi.spyOn(Date, 'now').mockImplementation(() => now() + 60_000);
});
afterEach(() => vi.restoreAllMocks());

it('is not kept while the files are so young that a change might not tell', () => {
  vi.spyOn(Date, 'now').mockReturnValue(began);
  listSummaries(cwd);
  expect(existsSync(index)).toBe(false);
});

it('gives what the files say', () => {
  const first = listSummaries(cwd);
  expect(existsSync(index)).toBe(true);
  expect(listSummaries(cwd)).toEqual(first);
  expect(first.runs).toHaveLength(COUNT);
  expect(first.runs[7]).toMatchObject({ id: id(7), valid: { auc: 0.07 }, test: { auc: 0.007 } });
});

it('reads anew what was changed in place, of the same length and with its old time', () => {
  listSummaries(cwd);
  const file = join(runs, id(12), 'config.json');
  const old = new Date('2026-01-01');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"seed":1', '"seed":2'));
  utimesSync(file, old, old);
  // The checksum inside no longer holds: the run is told as damaged, not shown as it was.
  const { runs: listed, unread } = listSummaries(cwd);
  expect(listed).toHaveLength(COUNT - 1);
  expect(unread).toEqual([expect.objectContaining({ id: id(12), where: file })]);
  remake(12);
});

it('sees new evaluations, new runs and removed ones', () => {
  listSummaries(cwd);
  remake(3, 0.99);
  remake(COUNT);
  rmSync(join(runs, id(0)), { recursive: true });
  const listed = listSummaries(cwd).runs;
  expect(listed.map((run) => run.id)).toEqual(Array.from({ length: COUNT }, (_, n) => id(n + 1)));
  expect(listed[2]?.test?.['auc']).toBe(0.99);
});

it.each([
  ['cut off', (text: string) => text.slice(0, -100)],
  ['changed', (text: string) => text.replace('"limaml"', '"widede"')],
  ['of another version', (text: string) => text.replace('"version":1', '"version":0')],
  ['no index', () => 'null\n{}'],
])('is made anew where it is %s', (_, damage) => {
  const first = listSummaries(cwd);
  const whole = readFileSync(index, 'utf8');
  writeFileSync(index, damage(whole));
  expect(listSummaries(cwd)).toEqual(first);
  expect(readFileSync(index, 'utf8')).toBe(whole);
});

it('is read in place of the runs', () => {
  listSummaries(cwd);
  const whole = readFileSync(index, 'utf8');
  const body = whole.slice(whole.indexOf('\n') + 1).replaceAll('"limaml"', '"forged"');
  const sha256 = createHash('sha256').update(body).digest('hex');
  writeFileSync(index, `${JSON.stringify({ format: 'limaml-run-index', version: 1, sha256 })}\n${body}`);
  expect(listSummaries(cwd).runs[20]?.model).toBe('forged');
  rmSync(index);
  expect(listSummaries(cwd).runs[20]?.model).toBe('limaml');
});
