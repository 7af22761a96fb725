// Adapts entities on stored support rows: raw values in Parquet through adapt.onnx to vectors.

import type { Bundle } from '../bundle/open-bundle.js';
import { missing } from '../bundle/prior.js';
import type { Database } from '../database/database.js';
import { bucketTasks } from '../engine/tiles/bucket-tasks.js';
import { eventFeatures } from '../export/export-tables.js';
import type { RawInput } from '../export/graphs/raw-input.js';
import { type ColumnKinds, readRaw, type SideTable } from '../export/raw-tables.js';
import type { CompiledProgram } from '../runtime/executor.js';
import { adaptFeeds, type SupportBatch } from './adapt-feeds.js';
import { columnKind, pickRows, type RawColumn, type RawColumns } from './columns/raw-column.js';

/** Rows that are read before they are adapted on: enough to put entities of like support together. */
const BUFFER_ROWS = 50_000;
/** Most rows, with padding, of one run of the graph. */
const TILE_ROWS = 4096;

export interface SideTables {
  readonly entity: SideTable | undefined;
  readonly item: SideTable | undefined;
}

export interface AdaptedEntities {
  readonly entities: readonly string[];
  /** [entities × size] */
  readonly vectors: Float32Array;
  readonly support: readonly number[];
  readonly lastEventMs: readonly number[];
}

/** Rows of whole entities, one behind the other. */
interface Buffered {
  readonly entity: string[];
  readonly item: string[];
  readonly timestampMs: number[];
  readonly label: number[];
  readonly features: ReadonlyMap<string, { readonly kind: RawColumn['kind']; readonly values: unknown[] }>;
}

/**
 * Adapts every entity among the rows that `select` gives: columns as in support.parquet, rows of an entity together, oldest
 * first. Entities come out in that order, piece by piece.
 */
export async function* adaptStored(
  bundle: Bundle,
  sides: SideTables,
  database: Database,
  select: string,
): AsyncGenerator<AdaptedEntities> {
  const inputs = bundle.manifest.inputs.adapt;
  const adapt = await bundle.adapt();
  const features = eventFeatures(inputs);
  const kinds: ColumnKinds = {
    entity: 'text',
    item: 'text',
    timestamp_ms: 'number',
    label: 'number',
    ...Object.fromEntries(features.map((input) => [input.name, columnKind(input)] as const)),
  };
  let buffer = emptyBuffer(features);
  for await (const { columns } of readRaw(database, select, kinds)) {
    fill(buffer, columns);
    if (buffer.entity.length < BUFFER_ROWS) continue;
    // The last entity's rows may go on in the next piece.
    const last = buffer.entity[buffer.entity.length - 1]!;
    const whole = buffer.entity.indexOf(last);
    if (whole === 0) continue;
    yield await adaptBuffer(bundle, adapt, sides, cut(buffer, 0, whole), inputs);
    buffer = cut(buffer, whole, buffer.entity.length);
  }
  if (buffer.entity.length > 0) yield await adaptBuffer(bundle, adapt, sides, buffer, inputs);
}

function emptyBuffer(features: readonly RawInput[]): Buffered {
  return {
    entity: [],
    item: [],
    timestampMs: [],
    label: [],
    features: new Map(features.map((input) => [input.name, { kind: columnKind(input), values: [] }])),
  };
}

function fill(buffer: Buffered, columns: RawColumns): void {
  const push = (name: string, list: unknown[]): void => {
    for (const value of columns.get(name)!.values) list.push(value);
  };
  push('entity', buffer.entity);
  push('item', buffer.item);
  push('timestamp_ms', buffer.timestampMs);
  push('label', buffer.label);
  for (const [name, { values }] of buffer.features) push(name, values);
}

function cut(buffer: Buffered, from: number, to: number): Buffered {
  const { entity, item, timestampMs, label, features } = buffer;
  return {
    entity: entity.slice(from, to),
    item: item.slice(from, to),
    timestampMs: timestampMs.slice(from, to),
    label: label.slice(from, to),
    features: new Map(
      [...features].map(([name, { kind, values }]) => [name, { kind, values: values.slice(from, to) }]),
    ),
  };
}

async function adaptBuffer(
  bundle: Bundle,
  adapt: CompiledProgram,
  sides: SideTables,
  buffer: Buffered,
  inputs: readonly RawInput[],
): Promise<AdaptedEntities> {
  const { entity } = buffer;
  const starts = entity.flatMap((id, row) => (row === 0 || id !== entity[row - 1] ? [row] : []));
  const ends = [...starts.slice(1), entity.length];
  const size = bundle.manifest.model.dimensions!;
  const vectors = new Float32Array(starts.length * size);
  const episodes = starts.map((start, place) => ({
    entity: place,
    support: Int32Array.from({ length: ends[place]! - start }, (_, i) => start + i),
    query: new Int32Array(0),
  }));
  for (const places of bucketTasks(episodes, TILE_ROWS)) {
    const batch = batchOf(
      places.map((place) => episodes[place]!.support),
      buffer,
      sides,
      inputs,
    );
    const { vector } = await adapt.run(adaptFeeds(batch, inputs, adapt.inputs));
    const found = vector!.data as Float32Array;
    places.forEach((place, t) => {
      vectors.set(found.subarray(t * size, (t + 1) * size), place * size);
    });
  }
  return {
    entities: starts.map((start) => entity[start]!),
    vectors,
    support: starts.map((start, place) => ends[place]! - start),
    lastEventMs: ends.map((end) => buffer.timestampMs[end - 1]!),
  };
}

function batchOf(
  tasks: readonly Int32Array[],
  buffer: Buffered,
  sides: SideTables,
  inputs: readonly RawInput[],
): SupportBatch {
  const offsets = new Int32Array(tasks.length + 1);
  tasks.forEach((rows, t) => {
    offsets[t + 1] = offsets[t]! + rows.length;
  });
  const rows = Int32Array.from(tasks.flatMap((support) => [...support]));
  const items = Array.from(rows, (row) => buffer.item[row]!);
  const entities = tasks.map((support) => buffer.entity[support[0]!]!);
  const columns = new Map<string, RawColumn>();
  const own = new Map<string, RawColumn>();
  for (const input of inputs) {
    if (input.side === 'entity') own.set(input.name, sideColumn(input, sides.entity, entities));
    else if (input.side === 'item') columns.set(input.name, sideColumn(input, sides.item, items));
    else columns.set(input.name, pickRows(buffer.features.get(input.name) as RawColumn, rows));
  }
  return {
    offsets,
    label: Float32Array.from(rows, (row) => buffer.label[row]!),
    rows: columns,
    entities: own,
  };
}

/** The raw values of an ID or a feature of its own, for each of `ids`; missing where the table does not know the ID. */
export function sideColumn(input: RawInput, side: SideTable | undefined, ids: readonly string[]): RawColumn {
  if (input.kind === 'id') return { kind: 'text', values: ids };
  const column = side?.columns.get(input.name);
  if (side === undefined || column === undefined) return missing(input, ids.length);
  return pickRows(
    column,
    Int32Array.from(ids, (id) => side.rowOf.get(id) ?? -1),
  );
}
