// Raw values of prepared rows, as the log has them.
import type { RawInput } from '../bundle/format/raw-input.js';
import type { RowRefs } from '../engine/features/feature-source.js';
import { InternalError } from '../errors.js';
import type { EventShard, PreparedDataset } from '../prepared/dataset.js';
import { pickRows, type RawColumn, type RawColumns } from '../prepared/raw-column.js';

/** Raw values that some rows refer to, IDs as `entity` and `item`. */
export interface RawRows {
  /** Features of the entities from index `firstEntity` on. */
  readonly entity: RawColumns;
  readonly firstEntity: number;
  /** Features of items by index. */
  readonly item: RawColumns;
  /** Features of a shard's events. */
  readonly events: RawColumns;
}

export interface RawSource {
  /** What the rows of a shard refer to: items are held in memory, entities are read for each shard. */
  ofShard(index: number, shard: Pick<EventShard, 'entities'>): Promise<RawRows>;
  /** Entities from .. to − 1, and all items. */
  ofEntities(from: number, to: number): Promise<RawRows>;
}

/** What the prepared data holds of `inputs`. Throws `UserError` PREPARED_NO_RAW. */
export async function rawSource(dataset: PreparedDataset, inputs: readonly RawInput[]): Promise<RawSource> {
  const names = (side: RawInput['side']): readonly string[] =>
    inputs.filter((input) => input.side === side && input.kind !== 'id').map(({ name }) => name);
  const ids: RawColumn = { kind: 'text', values: await dataset.vocabulary('item') };
  const item = new Map(await dataset.raw('item', names('item'))).set('item', ids);
  const ofEntities = async (from: number, to: number): Promise<RawRows> => ({
    entity: await dataset.rawEntities(from, to, names('entity')),
    firstEntity: from,
    item,
    events: new Map(),
  });
  return {
    ofEntities,
    ofShard: async (index, { entities }) => {
      let [least, most] = [Number.POSITIVE_INFINITY, 0];
      for (const entity of entities) [least, most] = [Math.min(least, entity), Math.max(most, entity)];
      const rows = await ofEntities(Math.min(least, most), most + 1);
      return { ...rows, events: await dataset.raw({ shard: index }, names('event')) };
    },
  };
}

/** The raw values of one input for some rows. −1 is padding. */
export function rawColumn(
  { name, side }: Pick<RawInput, 'name' | 'side'>,
  refs: RowRefs,
  raw: RawRows,
): RawColumn {
  const { firstEntity } = raw;
  const [table, rows] =
    side === 'entity'
      ? [
          raw.entity,
          firstEntity === 0
            ? refs.entity
            : refs.entity.map((index) => (index < 0 ? index : index - firstEntity)),
        ]
      : side === 'item'
        ? [raw.item, refs.item]
        : [raw.events, refs.event];
  const column = table.get(name);
  if (column === undefined) throw new InternalError(`the prepared data has no ${side} feature "${name}"`);
  return pickRows(column, rows);
}
