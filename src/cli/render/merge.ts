// The bundle that shards were put together into.
import type { Merged } from '../../serving/merge-parts.js';
import { bundleCommands } from '../terminal/next-command.js';
import { count } from '../terminal/number.js';
import type { Style } from '../terminal/style.js';
import { pairs } from '../terminal/table.js';

export function renderMerged({ bundle, hash, parts, entities }: Merged, style: Style): string {
  const facts = pairs(
    [
      ['bundle', style.path(bundle)],
      ['hash', hash],
      ['from', `${count(parts)} shards`],
      ['vectors', count(entities)],
    ],
    style,
  );
  return [facts, '', ...bundleCommands(bundle, style)].join('\n');
}
