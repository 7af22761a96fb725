// Which row an ID has, in three blocks of numbers: a Map of strings takes more than twice the memory, is walked at every collection of garbage, and ends at 16 million.

import { InternalError } from '../../errors.js';

interface IdIndex {
  /** Gives the next row to an ID; the first has row 0. */
  add(id: string): void;
  /** −1 for one that was not added. */
  rowOf(id: string): number;
}

/** An index of `rows` IDs, which have at most `characters` UTF-16 units in all. */
export function idIndex(rows: number, characters: number): IdIndex {
  const text = new Uint16Array(characters);
  const ends = new Uint32Array(rows + 1);
  // At most two thirds of the slots are taken; 0 is none, else the row + 1.
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(1.5 * rows + 2)));
  const mask = slots.length - 1;
  let count = 0;

  const isAt = (row: number, id: string): boolean => {
    const start = ends[row]!;
    if (ends[row + 1]! - start !== id.length) return false;
    for (let i = 0; i < id.length; i++) if (text[start + i] !== id.charCodeAt(i)) return false;
    return true;
  };
  /** Of the ID, or of the free place where it would be. */
  const slotOf = (id: string): number => {
    let slot = hashOf(id) & mask;
    while (slots[slot] !== 0 && !isAt(slots[slot]! - 1, id)) slot = (slot + 1) & mask;
    return slot;
  };
  return {
    add(id) {
      const start = ends[count]!;
      if (count === rows || start + id.length > characters)
        throw new InternalError('more IDs than were told of');
      for (let i = 0; i < id.length; i++) text[start + i] = id.charCodeAt(i);
      ends[++count] = start + id.length;
      slots[slotOf(id)] = count;
    },
    rowOf: (id) => slots[slotOf(id)]! - 1,
  };
}

/** FNV-1a over UTF-16 units, its high bits mixed into the low ones, which alone choose a slot. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
