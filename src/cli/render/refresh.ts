// What a refresh took in and what it changed.
import type { ImportedVectors } from '../../serving/import-vectors.js';
import type { Published } from '../../serving/refresh-and-publish.js';
import type { Refreshed } from '../../serving/refresh-bundle.js';
import { bundleCommands } from '../terminal/next-command.js';
import { count } from '../terminal/number.js';
import type { Style } from '../terminal/style.js';
import { pairs } from '../terminal/table.js';
import { publishedFacts } from './store.js';

export function renderRefresh(result: Published<Refreshed>, style: Style): string {
  const { bundle, hash, from, form, dropped, events, known, adapted, added, entities, cutoffMs } = result;
  const { supportRows, unknownItems } = result;
  const losses = Object.entries(dropped).map(([why, rows]) => `${count(rows)} ${why}`);
  const facts = pairs(
    [
      ['bundle', style.path(bundle)],
      ['hash', hash],
      ['from', from],
      [
        'read as',
        form === 'log' ? 'the raw log: its columns, units and label rule' : 'the columns of support.parquet',
      ],
      ['events', `${count(events)}, ${count(known)} of them stored already`],
      ...(losses.length === 0 ? [] : [['left out', losses.join(', ')] as const]),
      [
        'adapted',
        `${count(adapted)} entities, ${count(added)} of them new; ${count(entities)} vectors in all`,
      ],
      ...(unknownItems === 0
        ? []
        : [
            [
              'not known',
              `${count(unknownItems)} of their ${count(supportRows)} support rows without features: the tables have nothing of their item`,
            ] as const,
          ]),
      ...publishedFacts(result.published),
      ['latest event', cutoffMs === null ? 'none' : new Date(cutoffMs).toISOString()],
    ],
    style,
  );
  return [facts, '', ...bundleCommands(bundle, style, result.shard !== null)].join('\n');
}

/** Vectors that came from elsewhere. */
export function renderImported(result: Published<ImportedVectors>, style: Style): string {
  const { bundle, hash, from, files, vectors, changedAbove, changed, added, entities } = result;
  const asClose = changedAbove === 0 ? '' : `, to ${changedAbove}`;
  const facts = pairs(
    [
      ['bundle', style.path(bundle)],
      ['hash', hash],
      ['from', from],
      [
        'vectors',
        `${count(vectors)} in ${count(files)} files, ${count(vectors - changed)} of them stored already${asClose}`,
      ],
      [
        'changed',
        `${count(changed)}, ${count(added)} of them of new members; ${count(entities)} vectors in all`,
      ],
      ...publishedFacts(result.published),
    ],
    style,
  );
  return [facts, '', ...bundleCommands(bundle, style)].join('\n');
}
