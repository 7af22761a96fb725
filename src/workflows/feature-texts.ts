// Values of features that test rows are put into segments by.
import { InternalError, UserError } from '../errors.js';
import type { ScoredRows } from '../evaluation/rows/scored-rows.js';
import type { EventShard, PreparedDataset } from '../prepared/dataset.js';
import { SPLIT } from '../prepared/format.js';

/** Values of a categorical feature for the test rows, as text. Throws EVAL_UNKNOWN_FEATURE. */
export async function featureTexts(
  dataset: PreparedDataset,
  name: string,
  columns: Pick<ScoredRows, 'entity' | 'item'>,
): Promise<readonly string[]> {
  const spec = dataset.manifest.features.find(
    (feature) => feature.name === name && feature.kind === 'categorical',
  );
  if (spec === undefined) {
    const known = dataset.manifest.features
      .filter(({ kind }) => kind === 'categorical')
      .map((feature) => feature.name);
    throw new UserError({
      code: 'EVAL_UNKNOWN_FEATURE',
      where: 'evaluation.segments.features',
      what: `There is no categorical feature "${name}" in this data set.`,
      next: `Categorical features: ${known.join(', ') || 'none'}.`,
    });
  }
  const words = await dataset.vocabulary(name);
  const text = (index: number): string => (index === 0 ? '(unknown)' : (words[index] ?? String(index)));
  if (spec.side === 'event') return eventTexts(dataset, name, columns.entity.length, text);
  const table = spec.side === 'entity' ? await dataset.entityFeatures() : await dataset.itemFeatures();
  const column = table.get(name);
  if (column?.kind !== 'categorical')
    throw new InternalError(`feature ${name} is not in the table its manifest names`);
  return Array.from(columns[spec.side], (row) => text(column.indices[row]!));
}

async function eventTexts(
  dataset: PreparedDataset,
  name: string,
  rows: number,
  text: (index: number) => string,
): Promise<readonly string[]> {
  const texts: string[] = [];
  for (let index = 0; index < dataset.shardCount; index++) {
    const shard: EventShard = await dataset.shard(index);
    const column = shard.features.get(name);
    if (column?.kind !== 'categorical') throw new InternalError(`feature ${name} is not in shard ${index}`);
    // Shards hold whole histories in entity and time order, which is the order of scoring.
    for (let row = 0; row < shard.rows; row++)
      if (shard.split[row] === SPLIT.test) texts.push(text(column.indices[row]!));
  }
  if (texts.length !== rows)
    throw new InternalError(`${texts.length} test rows in the shards, ${rows} scored`);
  return texts;
}
