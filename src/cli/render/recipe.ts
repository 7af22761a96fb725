// A resolved recipe: every value and where it came from.
import type { Recipe } from '../../config/recipe-schema.js';
import { nextCommand } from '../terminal/next-command.js';
import type { Style } from '../terminal/style.js';
import { table } from '../terminal/table.js';

interface CheckedRecipe {
  readonly file: string;
  readonly recipe: Recipe;
  readonly origins: Readonly<Record<string, string>>;
  /** Keys by their old names. */
  readonly notes: readonly string[];
  /** How a raw log is cut, or where a prepared folder lies. */
  readonly dataset: { readonly name: string } & (
    | { readonly split: { readonly kind: string } }
    | { readonly prepared: string }
  );
}

/** `typed`: flags that made it what is shown. */
export function renderRecipe(
  { file, recipe, origins, notes, dataset }: CheckedRecipe,
  typed: readonly string[],
  style: Style,
): string {
  return [
    `${file} is valid: ${recipe.model.name} on ${dataset.name}, ${'split' in dataset ? `cut by ${dataset.split.kind}` : 'prepared'}, seed ${recipe.seed}`,
    ...notes,
    '',
    originsTable(recipe, origins, style),
    '',
    nextCommand('Train it', 'train', file, ...typed),
  ].join('\n');
}

/** Key, value and origin of every leaf. */
export function originsTable(
  recipe: Recipe,
  origins: Readonly<Record<string, string>>,
  style: Style,
): string {
  return table(
    [{ title: 'key' }, { title: 'value' }, { title: 'from' }],
    Object.entries(origins).map(([key, origin]) => [key, valueText(recipe, key), origin]),
    style,
  );
}

function valueText(tree: unknown, key: string): string {
  const value = key
    .split('.')
    .reduce<unknown>((inner, step) => (inner as Record<string, unknown> | undefined)?.[step], tree);
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
