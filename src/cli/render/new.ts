// A recipe that was just written.
import type { NewRecipe } from '../../config/new-recipe.js';
import { nextCommand } from '../terminal/next-command.js';
import type { Style } from '../terminal/style.js';

export function renderNewRecipe({ path, name, from, extends: extending }: NewRecipe, style: Style): string {
  return [
    `wrote ${style.path(path)}${from === null ? '' : `, ${extending ? 'which extends' : 'a copy of'} ${style.path(from)}`}`,
    '',
    nextCommand('Every value, and where it comes from', 'validate', name),
    nextCommand('Train it', 'train', name),
  ].join('\n');
}
