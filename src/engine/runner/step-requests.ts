// What is asked of workers for an outer step: as little as they do not know from the step before the last.
import type { Model } from '../../models/contract/definition.js';
import type { FieldGroup } from '../../models/contract/fields.js';
import type { KernelMemory, Placed } from '../memory/kernel-memory.js';
import type { Tile, TileResult } from '../tiles/tile.js';
import type { Moment } from '../update/optimizer.js';
import type { Learning } from '../update/outer-update.js';
import { isCopied, refillTile } from './refill-tile.js';
import { SharedArena } from './shared-arena.js';
import { stepOutputs } from './step-outputs.js';
import type { PlacedLearning, WorkerRequest } from './worker-messages.js';

/** So many steps at most are under way or laid out, each in a place of its own. */
export const STEPS_AT_ONCE = 2;

interface Place {
  readonly arena: SharedArena;
  /** What was laid out there last, as this thread sees it; undefined where other numbers cannot take its place. */
  held?: LaidOut | undefined;
}

interface LaidOut {
  readonly tiles: readonly Tile[];
  readonly results: readonly TileResult[];
  readonly taken: Int32Array;
}

interface AskedStep {
  readonly request: WorkerRequest;
  /** Where the outputs of its tiles will be. */
  readonly results: readonly TileResult[];
}

/** The steps of one training in their order. The tiles of a batch mostly have the sizes of those before; then only numbers are laid out. */
export function stepRequests(
  model: Pick<Model, 'parameters'>,
  groups: ReadonlyMap<string, FieldGroup>,
  memory: KernelMemory | undefined,
): (tiles: readonly Tile[], learning: Learning, moment: Moment) => AskedStep {
  const places = Array.from({ length: STEPS_AT_ONCE }, (): Place => ({ arena: new SharedArena(memory) }));
  const outputsOf = stepOutputs(model, groups);
  const placed = (floats: Float32Array): Placed => memory?.place(floats) ?? floats;
  let begun = 0;
  let sent: Learning | undefined;
  return (tiles, learning, moment) => {
    const number = begun++ % STEPS_AT_ONCE;
    const place = places[number]!;
    const told = learning === sent ? {} : { learning: placedLearning(learning, placed) };
    sent = learning;
    const dropout = tiles.map((tile) => tile.dropout);
    const asked = { kind: 'step', place: number, dropout, moment, ...told } as const;
    if (place.held !== undefined && refilled(place.held.tiles, tiles)) {
      place.held.taken.fill(0);
      return { request: asked, results: place.held.results };
    }
    const { arena } = place;
    arena.reset();
    const held = {
      taken: arena.integers(1).fill(0),
      tiles: tiles.map((tile) => arena.share(tile)),
      results: outputsOf(tiles, arena),
    };
    place.held = tiles.every(isCopied) ? held : undefined;
    const results = held.results.map((result) => mapped(result, placed));
    return { request: { ...asked, laidOut: { ...held, results } }, results: held.results };
  };
}

const refilled = (held: readonly Tile[], tiles: readonly Tile[]): boolean =>
  held.length === tiles.length && held.every((tile, t) => refillTile(tile, tiles[t]!));

const mapped = <A, B>(record: Readonly<Record<string, A>>, made: (of: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, of]) => [name, made(of)]));

function placedLearning(
  { slots, ...rest }: Learning,
  placed: (floats: Float32Array) => Placed,
): PlacedLearning {
  return { ...rest, slots: new Map([...slots].map(([name, of]) => [name, of.map(placed)])) };
}
