// The planted events in order of time, a chunk at a time, so that any number of them fits in memory.
import { type RandomStream, randomStream } from '../random.js';
import { aliasTable, type Draw } from './alias-table.js';
import { LAST_POSITION, SURFACES } from './effects.js';
import { type SyntheticWorld, sharedLogit, tasteLogit } from './world.js';

/** First moment of the log: 1 January 2024, 00:00 UTC. */
export const SYNTHETIC_START_MS = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** Columns of some events, ordered by time; every timestamp in the log is later than the one before it. */
export interface SyntheticEvents {
  readonly rows: number;
  /** Member number from 0. */
  readonly entity: Int32Array;
  readonly item: Int32Array;
  readonly timestampMs: Float64Array;
  /** 0 or 1. */
  readonly label: Uint8Array;
  /** True probability of a click, in millionths rounded: the files hold exactly this number. */
  readonly truth: Float64Array;
  /** Index into SURFACES. */
  readonly surface: Uint8Array;
  /** From 1. */
  readonly position: Uint8Array;
}

/** All events of the world in chunks of at most `chunkRows`; memory is that of one chunk. */
export function* syntheticEvents(world: SyntheticWorld, chunkRows = 65_536): Generator<SyntheticEvents> {
  const { options, members, items } = world;
  const random = randomStream(world.seed, 'synthetic', 'events');
  const drawMember = aliasTable(members.activity);
  const drawItem = aliasTable(items.popularity);
  const stepMs = Math.max(1, (options.days * DAY_MS) / options.events);
  for (let from = 0; from < options.events; from += chunkRows) {
    const chunk = emptyEvents(Math.min(chunkRows, options.events - from));
    for (let row = 0; row < chunk.rows; row++) {
      const timestampMs = Math.floor((from + row + 0.999 * random.uniform()) * stepMs);
      const day = timestampMs / DAY_MS;
      const member = drawWhere(
        drawMember,
        random,
        (m) => members.joinDay[m]! <= day && day <= members.leaveDay[m]!,
      );
      const item = drawWhere(drawItem, random, (i) => items.launchDay[i]! <= day);
      const surface = random.integer(SURFACES.length);
      const position = 1 + random.integer(LAST_POSITION);
      const logit =
        sharedLogit(world, member, item, surface, position) + tasteLogit(world, member, item, day);
      const truth = Math.round(1e6 / (1 + Math.exp(-logit))) / 1e6;
      chunk.entity[row] = member;
      chunk.item[row] = item;
      chunk.timestampMs[row] = SYNTHETIC_START_MS + timestampMs;
      chunk.truth[row] = truth;
      chunk.label[row] = random.uniform() < truth ? 1 : 0;
      chunk.surface[row] = surface;
      chunk.position[row] = position;
    }
    yield chunk;
  }
}

/** Draws until one is there that day. A tiny world may have a day with nobody in it: then anyone will do. */
function drawWhere(draw: Draw, random: RandomStream, isThere: (index: number) => boolean): number {
  let drawn = draw(random);
  for (let tries = 0; tries < 1000 && !isThere(drawn); tries++) drawn = draw(random);
  return drawn;
}

function emptyEvents(rows: number): SyntheticEvents {
  return {
    rows,
    entity: new Int32Array(rows),
    item: new Int32Array(rows),
    timestampMs: new Float64Array(rows),
    label: new Uint8Array(rows),
    truth: new Float64Array(rows),
    surface: new Uint8Array(rows),
    position: new Uint8Array(rows),
  };
}
