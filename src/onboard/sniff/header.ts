// Tells a line of names from a line of values.
import { isMissingWord } from '../../prep/load/missing-words.js';
import { nameScore, type SniffedRole, WORDS } from './column-words.js';

const isNumber = (cell: string): boolean => cell.trim() !== '' && Number.isFinite(Number(cell));
/** Numbers, dates and times: what a column holds that its name is not. */
const isValue = (cell: string): boolean => isNumber(cell) || /^\d{1,4}[-/.:]\d/.test(cell);
const isName = (cell: string): boolean => /^[\p{L}_#][\p{L}\p{N}_ .:/()-]*$/u.test(cell);

/** Share of the cells below that must be values. */
const NEARLY_ALL = 0.95;

/**
 * True when the first record holds names. Every column votes: for, where the cell is a word and those below are numbers or dates, or
 * where it is a word that logs call their columns by; against, where it is a value like those below, or comes back among them. Empty
 * and repeated cells have no vote: a column of row numbers has no name. Without any vote against, plain words are enough.
 */
export function looksLikeHeader(records: readonly (readonly string[])[]): boolean {
  const [first, ...rest] = records;
  if (first === undefined) return false;
  // A line alone is a header without rows where it speaks like one.
  if (rest.length === 0) return first.some((cell) => isRoleName(cell.trim()));
  let votes = 0;
  let against = 0;
  const names = first.map((cell) => cell.trim());
  // Names of a table that had none when it was written; three numbers in a row may be values.
  if (names.length > 3 && names.every((name, index) => name === String(index))) return true;
  for (const [column, name] of names.entries()) {
    if (name === '' || isMissingWord(name)) continue;
    const below = rest.map((record) => (record[column] ?? '').trim()).filter((cell) => cell !== '');
    const values = below.filter(isValue).length >= NEARLY_ALL * below.length && below.length > 0;
    if (isValue(name)) {
      if (values) against++;
    } else if (values) votes++;
    else if (below.includes(name)) against++;
    if (!isValue(name) && isRoleName(name)) votes++;
  }
  if (votes > 0 || against > 0) return votes > against;
  return names.some((name) => name !== '') && names.every((name) => name === '' || isName(name));
}

/** Whether a cell is a word that logs call a column by. */
function isRoleName(name: string): boolean {
  return (Object.keys(WORDS) as SniffedRole[]).some((role) => nameScore(name, role) >= 2);
}
