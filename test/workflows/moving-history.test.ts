// Which features bias metrics within entities: those that a model reads and that aggregate the entity's own past.
import { expect, it } from 'vitest';
import { checkRecipe } from '../../src/config/check-recipe.js';
import type { PreparedDataset } from '../../src/prepared/dataset.js';
import { movingHistory } from '../../src/workflows/moving-history.js';

const history = (name: string, of: string) => ({
  name,
  side: 'event',
  kind: 'history',
  of,
  statistic: 'rate',
});
const spec = (name: string) => ({ name, side: 'event', kind: 'numeric' });
const dataset = (features: readonly object[]): PreparedDataset =>
  ({
    manifest: {
      descriptor: { features },
      features: [spec('own_rate'), spec('other_rate'), spec('item_rate')],
    },
  }) as unknown as PreparedDataset;
const recipe = (event?: readonly string[]) =>
  checkRecipe({
    name: 'r',
    dataset: 'd',
    model: { name: 'deep' },
    ...(event === undefined ? {} : { features: { event } }),
  }).recipe!;
const described = dataset([
  history('own_rate', 'entity'),
  history('other_rate', 'entity'),
  history('item_rate', 'item'),
]);

it('names those of the entity that any of the recipes reads', () => {
  expect(movingHistory(described, [recipe()])).toEqual(['own_rate', 'other_rate']);
  expect(movingHistory(described, [recipe([]), recipe(['other_rate', 'item_rate'])])).toEqual(['other_rate']);
  expect(movingHistory(described, [recipe([])])).toEqual([]);
});

it('knows of none where the data does not say how features were made', () => {
  expect(movingHistory(dataset([]), [recipe()])).toEqual([]);
});
