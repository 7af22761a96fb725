// JSON that a terminal can show: the same values, with nothing in it that a terminal would obey.
import { printable } from '../../printable.js';

/** A character written as in a text of JSON reads back as itself. */
export const printableJson = (value: unknown): string => printable(JSON.stringify(value, null, 2));
