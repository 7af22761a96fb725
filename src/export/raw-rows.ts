// Raw values of prepared rows, as the log has them.
import type { RawInput } from '../bundle/format/raw-input.js';
import type { RowRefs } from '../engine/features/feature-source.js';
import { InternalError } from '../errors.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import { pickRows, type RawColumn, type RawColumns } from '../prepared/raw-column.js';

/** Features of entities and items by index, with the IDs themselves as `entity` and `item`. */
export interface RawSource {
  readonly entity: RawColumns;
  readonly item: RawColumns;
  /** Features of a shard's events. */
  events(shard: number): Promise<RawColumns>;
}

/** What the prepared data holds of `inputs`. Throws `UserError` PREPARED_NO_RAW. */
export async function rawSource(dataset: PreparedDataset, inputs: readonly RawInput[]): Promise<RawSource> {
  const names = (side: RawInput['side']): readonly string[] =>
    inputs.filter((input) => input.side === side && input.kind !== 'id').map(({ name }) => name);
  const ofSide = async (side: 'entity' | 'item'): Promise<RawColumns> => {
    const ids: RawColumn = { kind: 'text', values: await dataset.vocabulary(side) };
    return new Map(await dataset.raw(side, names(side))).set(side, ids);
  };
  return {
    entity: await ofSide('entity'),
    item: await ofSide('item'),
    events: (shard) => dataset.raw({ shard }, names('event')),
  };
}

/** The raw values of one input for some rows; `events` are those of the rows' shard. −1 is padding. */
export function rawColumn(
  { name, side }: Pick<RawInput, 'name' | 'side'>,
  refs: RowRefs,
  source: Pick<RawSource, 'entity' | 'item'>,
  events: RawColumns,
): RawColumn {
  const [table, rows] =
    side === 'entity'
      ? [source.entity, refs.entity]
      : side === 'item'
        ? [source.item, refs.item]
        : [events, refs.event];
  const column = table.get(name);
  if (column === undefined) throw new InternalError(`the prepared data has no ${side} feature "${name}"`);
  return pickRows(column, rows);
}
