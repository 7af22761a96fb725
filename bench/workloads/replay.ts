// Workload r: a made-up log scored as it is served, with the untrained `limaml` of the defaults: what is computed does not depend on the numbers.
//
// Every entity has rows before the scored ones, and scored rows at random times of the days after. A vector is adapted on the latest
// `maxSupport` rows strictly before the window of a scored row: windows begin at multiples of `refreshMs` since 1970 but not before the
// entity's first scored row, or (0) at every instant of a row. Windows between which nothing became known share a vector.
import { initialState } from '../../src/engine/model-state.js';
import { modelInputs } from '../../src/models/contract/model-inputs.js';
import { limaml } from '../../src/models/limaml.js';
import type { PreparedManifest } from '../../src/prepared/manifest.js';
import { randomStream } from '../../src/random.js';
import type { Shaped, Workload } from './arrays.js';
import { DAY_MS, replayEpisodes } from './replay-shards.js';

const SEED = 6;
/** Of every entity: rows before the scored ones, and scored rows, over so many days. */
const [BEFORE, SCORED, DAYS] = [30, 100, 30];
const [ENTITIES, ITEMS, KINDS] = [10_000, 20_000, 10];

/** A step replays one part: so many entities. */
export const REPLAY_PARTS = 20;
export const REPLAYED_ROWS = (ENTITIES * SCORED) / REPLAY_PARTS;

const feature = (side: 'entity' | 'item', name: string) => ({
  kind: 'categorical' as const,
  name,
  side,
  size: KINDS + 1,
});

/** As far as a model and the replay read it. */
export const replayManifest = {
  entities: ENTITIES,
  items: ITEMS,
  features: [feature('entity', 'region'), feature('item', 'genre')],
} as unknown as PreparedManifest;

export const replayModel = (): ReturnType<typeof limaml.build> =>
  limaml.build(limaml.config.parse({}), modelInputs(replayManifest, {}));

/** `entities` in `parts` parts, `ENTITIES` in `REPLAY_PARTS` unless given. */
export function replay(
  setting: string,
  refreshMs: number,
  [entities, parts] = [ENTITIES, REPLAY_PARTS],
): Workload {
  const { episodes, inner, meta } = limaml.config.parse({});
  const log = {
    setting,
    kind: 'replay',
    numbers: {
      parts,
      before: BEFORE,
      scored: SCORED,
      refreshMs,
      innerSteps: inner.steps,
      shrinkage: inner.shrinkage,
      maxSupport: episodes.maxSupport,
      embedding: meta.size,
    },
    arrays: weights(),
    batches: [events(entities)],
  };
  const counts = replayEpisodes(log);
  return { ...log, numbers: { ...log.numbers, ...counts } };
}

function weights(): Workload['arrays'] {
  const model = replayModel();
  const { parameters, tables } = initialState(model, SEED);
  return Object.fromEntries([
    ...model.parameters.map(({ name, shape }): [string, Shaped] => [
      name,
      { shape, data: parameters.get(name)! },
    ]),
    ...model.tables.map(({ name, rows, dim }): [string, Shaped] => [
      name,
      { shape: [rows, dim], data: tables.get(name)! },
    ]),
  ]);
}

/** Rows of each entity in time order. A time is a day since 1970 and milliseconds of that day. */
function events(entities: number): Workload['batches'][number] {
  const stream = randomStream(SEED, 'bench', 'replay');
  const each = BEFORE + SCORED;
  const shape = [entities, each];
  const ints = (): Int32Array => new Int32Array(entities * each);
  const [items, days, ms, labels] = [ints(), ints(), ints(), new Float32Array(entities * each)];
  const start = Date.UTC(2026, 0, 1);
  for (let entity = 0; entity < entities; entity++) {
    const times = Float64Array.from({ length: each }, (_, n) =>
      Math.floor(start + (n < BEFORE ? -1 : 1) * DAYS * DAY_MS * stream.uniform()),
    ).sort();
    for (let n = 0; n < each; n++) {
      const row = entity * each + n;
      days[row] = Math.floor(times[n]! / DAY_MS);
      ms[row] = times[n]! - days[row]! * DAY_MS;
      items[row] = 1 + stream.integer(ITEMS);
      labels[row] = stream.integer(2);
    }
  }
  const kinds = (size: number): Shaped => ({
    shape: [size],
    data: Int32Array.from({ length: size }, (_, i) => 1 + (i % KINDS)),
  });
  return {
    items: { shape, data: items },
    days: { shape, data: days },
    ms: { shape, data: ms },
    labels: { shape, data: labels },
    regions: kinds(entities),
    genres: kinds(ITEMS),
  };
}
