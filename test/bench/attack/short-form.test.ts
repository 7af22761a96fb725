// The short form of every attack: right results or refusals by name, and nothing left behind. The long form: npm run attack.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ATTACKS } from '../../../bench/attack/attacks.js';
import { contextFor, type Places, placesIn } from '../../../bench/attack/context.js';

/** Tries at least, so that an attack that tries nothing is no attack. */
const TRIES: Readonly<Record<string, number>> = {
  kills: 2,
  signals: 1,
  damage: 10,
  writers: 2,
  paths: 6,
  'hostile values': 15,
  fuzz: 36,
  determinism: 6,
};

let work: string;
let places: Places;
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'limaml-attack-'));
  places = await placesIn(work);
});
afterAll(() => rm(work, { recursive: true, force: true }));

it('every kind is tried', () => {
  expect(ATTACKS.map(({ kind }) => kind).sort()).toEqual(Object.keys(TRIES).sort());
});

it.each(ATTACKS.map((attack) => [attack.kind, attack] as const))(
  '%s',
  async (kind, attack) => {
    const options = { seed: 1, long: false, note: () => undefined };
    const { tries, wrong } = await attack.run(contextFor(kind, places, options));
    expect(wrong).toEqual([]);
    expect(tries).toBeGreaterThanOrEqual(TRIES[kind]!);
  },
  600_000,
);
