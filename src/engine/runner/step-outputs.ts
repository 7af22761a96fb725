// Shared memory for what the program `train` puts out of each tile.

import type { Model } from '../../models/contract/definition.js';
import type { FieldGroup } from '../../models/contract/fields.js';
import { countName, sumName } from '../programs/training-pass.js';
import type { Tile, TileResult } from '../tiles/tile.js';
import { lengthsOf, trainedOf } from '../update/dense-update.js';
import type { SharedArena } from './shared-arena.js';

/** The outputs of a model's tiles, in the arena's memory. */
export function stepOutputs(
  { parameters }: Pick<Model, 'parameters'>,
  groups: ReadonlyMap<string, FieldGroup>,
): (tiles: readonly Tile[], arena: SharedArena) => TileResult[] {
  const running = lengthsOf(parameters.filter((spec) => spec.running !== undefined));
  const fixed: readonly (readonly [string, number])[] = [
    ['loss', 1],
    ...[...lengthsOf(trainedOf(parameters))].map(([name, length]) => [`d.${name}`, length] as const),
    ...[...running].flatMap(([name, length]) => [
      [sumName(name), length] as const,
      [countName(name), 1] as const,
    ]),
  ];
  return (tiles, arena) =>
    tiles.map((tile) =>
      Object.fromEntries(
        [
          ...fixed,
          ...tile.groups.map(
            ({ input, group, rows }) => [`d.${input}`, rows.rows * groups.get(group)!.width] as const,
          ),
        ].map(([output, length]) => [output, arena.floats(length)]),
      ),
    );
}
