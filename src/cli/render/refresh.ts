// What a refresh took in and what it changed.
import type { Refreshed } from '../../export/refresh-bundle.js';
import { count } from './number.js';
import type { Style } from './style.js';
import { pairs } from './table.js';

export function renderRefresh(result: Refreshed, style: Style): string {
  const { bundle, hash, from, events, known, adapted, added, entities, cutoffMs } = result;
  return pairs(
    [
      ['bundle', style.path(bundle)],
      ['hash', hash],
      ['from', from],
      ['events', `${count(events)}, ${count(known)} of them stored already`],
      [
        'adapted',
        `${count(adapted)} entities, ${count(added)} of them new; ${count(entities)} vectors in all`,
      ],
      ['latest event', cutoffMs === null ? 'none' : new Date(cutoffMs).toISOString()],
    ],
    style,
  );
}
