// Words by which programs write that there is no value: a person must say so of a log, since "NA" is also Namibia.

/** As pandas, R, SQL dumps, Python, JavaScript and spreadsheets write it. */
const WORDS = [
  'na',
  'n/a',
  'n.a.',
  '#n/a',
  'nan',
  'null',
  'none',
  'nil',
  '\\n',
  '<na>',
  '<null>',
  '(null)',
  '[null]',
  '<none>',
  '(none)',
  'nat',
  '#null!',
  '#value!',
  '#ref!',
  '#div/0!',
  'undefined',
  'missing',
  '-',
  '--',
  '?',
];

/** Whether a text usually means that there is no value. */
export const isMissingWord = (text: string): boolean => WORDS.includes(text.toLowerCase());

/** The condition in SQL. */
export const missingWordSql = (text: string): string =>
  `lower(${text}) IN (${WORDS.map((word) => `'${word}'`).join(', ')})`;
