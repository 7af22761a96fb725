// Values made to break something: in logs, in rows to score, in new events. Kept as they are, or refused; never acted upon.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Attack, type Context, inCopy, tallying } from './context.js';
import { brokenEnd, type Ended, type Tally } from './outcome.js';
import { inProcess } from './program.js';
import { LOG_HEADER } from './project.js';

/** Ids, words and cells. */
const TEXTS: readonly string[] = [
  '\u001b[2J\u001b]0;title\u0007',
  "'; COPY (SELECT 1) TO 'pwned'; --",
  '\u202eevil\u202c',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '"; DROP TABLE loaded; --',
  '$(touch pwned)',
  '`touch pwned`',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '../../etc/passwd',
  '|',
  'a|b',
  '\\N',
  '\\',
  '%n%s%x',
  '=1+1',
  'NaN',
  'null',
  'undefined',
  '0x10',
  '1e400',
  '00',
  '\u00a0',
  '\u200b',
  '\ufeff',
  '\u0085',
  'line\nbreak',
  'carriage\rreturn',
  'tab\tulator',
  'nul\u0000byte',
  '\ud83d\ude42',
  '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}',
  'e\u0301',
  'x'.repeat(70_000),
];

const NUMBERS: readonly string[] = [
  '1e308',
  '-1e308',
  '1.7976931348623157e308',
  '1e400',
  'NaN',
  'Infinity',
  '-Infinity',
  'inf',
  '-0',
  '1e-400',
  '3.5e38',
  '9007199254740993',
  '1_000',
  '1,5',
  '0x1F',
  '',
  ' 7 ',
  '٣',
  '1e',
  '--1',
];

const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const shown = (text: string): string => JSON.stringify(text.slice(0, 40));

/** Control characters and marks that reorder text, shown raw by a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const RAW = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** What is wrong with how a command ended, whatever it was given. */
function hostileFault(project: string, ended: Ended): string | undefined {
  if (existsSync(join(project, 'pwned'))) return 'a value was executed';
  if (RAW.test(ended.stderr)) return 'a control character is shown raw';
  return brokenEnd(ended);
}

/** Past what a 32-bit float holds: nothing may be computed of it. */
const pastRange = (text: string): boolean => Math.abs(Number(text)) > 3.4028235677973366e38;

/** Each row of the answer has a probability. */
function scoreFault(project: string, ended: Ended, rows: number): string | undefined {
  const fault = hostileFault(project, ended);
  if (fault !== undefined || ended.code !== 0) return fault;
  const last = [...ended.stdout.matchAll(/,([^,\n]*)\n/g)].map(([, text]) =>
    text === '' ? Number.NaN : Number(text),
  );
  const given = last.filter((value) => value >= 0 && value <= 1).length;
  return given >= rows
    ? undefined
    : `${given} probabilities for ${rows} rows: ${ended.stdout.trim().split('\n').at(-1)!.slice(-60)}`;
}

const HEADER = 'entity,item,age,genre,tags,surface,position';

async function scoring(context: Context, project: string, tally: ReturnType<typeof tallying>): Promise<void> {
  const score = (row: string) =>
    inProcess(['score', '--bundle', 'bundle', '--lookup', '--quiet'], {
      cwd: project,
      stdin: `${HEADER}\nm1,f1,21,comedy,short,feed,1\n${row}\n`,
    });
  for (const text of texts(context)) {
    const x = cell(text);
    for (const row of [`${x},f1,21,comedy,short,feed,1`, `m1,${x},21,${x},${x},${x},1`])
      tally.try(`score of ${shown(text)}`, scoreFault(project, await score(row), 2));
  }
  for (const number of numbers(context))
    for (const row of [
      `m1,f1,${cell(number)},comedy,short,feed,1`,
      `m1,f1,21,comedy,short,feed,${cell(number)}`,
    ]) {
      const ended = await score(row);
      const taken = ended.code === 0 && pastRange(number) ? 'taken, though past range' : undefined;
      tally.try(`score of the number ${shown(number)}`, scoreFault(project, ended, 2) ?? taken);
    }
}

async function refreshing(context: Context, tally: ReturnType<typeof tallying>): Promise<void> {
  const events = [
    ...texts(context).map((text) => {
      const ids = `${cell(text)},${cell(text)}`;
      return { text, ids, row: `${ids},5,1700000000,${cell(text)},1`, refused: false };
    }),
    ...numbers(context).map((text) => {
      const row = `m1,f1,5,1700000000,feed,${cell(text)}`;
      return { text, ids: 'm1,f1', row, refused: pastRange(text) };
    }),
  ];
  await inCopy(context, context.trained, async (project) => {
    for (const { text, ids, row, refused } of events) {
      writeFileSync(join(project, 'hostile.csv'), `${LOG_HEADER}\n${row}\n`);
      const args = ['refresh', '--bundle', 'bundle', '--events', 'hostile.csv', '--out', 'newer', '--quiet'];
      const ended = await inProcess(args, { cwd: project });
      let fault = hostileFault(project, ended);
      if (ended.code === 0 && refused) fault ??= 'taken, though past range';
      if (fault === undefined && ended.code === 0) {
        // What was taken must be served, too.
        const scored = await inProcess(['score', '--bundle', 'newer', '--lookup', '--quiet'], {
          cwd: project,
          stdin: `${HEADER}\n${ids},21,comedy,short,feed,1\n`,
        });
        fault = scoreFault(project, scored, 1);
      }
      tally.try(`refresh with ${shown(text)}`, fault);
    }
  });
}

async function preparing(context: Context, tally: ReturnType<typeof tallying>): Promise<void> {
  const values = [...texts(context), ...numbers(context)];
  for (const text of values)
    await inCopy(context, context.bare, async (project) => {
      const log = join(project, 'raw', 'events-2.csv');
      appendFileSync(
        log,
        `${cell(text)},f1,5,1700000000,${cell(text)},1\nm1,f1,5,1700000001,feed,${cell(text)}\n`,
      );
      const ended = await inProcess(['prep', 'tiny', '--on-error', 'reject', '--json'], { cwd: project });
      let fault = hostileFault(project, ended);
      if (fault === undefined && ended.code === 0) {
        // Every row is there, or counted as left out.
        const { rows, dropped } = JSON.parse(ended.stdout) as {
          rows: number;
          dropped: Readonly<Record<string, number>>;
        };
        const before = readFileSync(join(project, 'raw', 'events-1.csv'), 'utf8').split('\n').length - 2;
        const out = Object.values(dropped).reduce((sum, n) => sum + n, 0);
        if (pastRange(text) && out === 0) fault = 'taken, though past range';
        if (rows + out !== 2 * before + 2) fault = `${rows} rows and ${out} left out of ${2 * before + 2}`;
      }
      tally.try(`prep with ${shown(text)}`, fault);
    });
}

const texts = ({ long }: Context): readonly string[] => (long ? TEXTS : TEXTS.slice(0, 3));
const numbers = ({ long }: Context): readonly string[] => (long ? NUMBERS : NUMBERS.slice(0, 2));

async function hostile(context: Context): Promise<Tally> {
  const tally = tallying('hostile values', context);
  await inCopy(context, context.trained, (project) => scoring(context, project, tally));
  await refreshing(context, tally);
  await preparing(context, tally);
  return tally.end();
}

export const hostileAttack: Attack = {
  kind: 'hostile values',
  what: 'SQL, escapes, reordering marks, prototypes, odd spaces and numbers past range as ids, words and cells of prep, score, refresh',
  run: hostile,
};
