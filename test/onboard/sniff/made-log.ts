// A small log whose rows a test changes, sniffed and then prepared by what was written.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDescriptor } from '../../../src/config/load-descriptor.js';
import { type InitResult, initDescriptor } from '../../../src/onboard/sniff/init-descriptor.js';
import { prepare } from '../../../src/prep/prepare.js';
import type { PrepareResult } from '../../../src/prep/prepare-result.js';
import { type Progress, silent } from '../../../src/progress.js';

/** 11:15 of the 14th of November 2023 and then every 91 minutes: days past the twelfth, two months. */
const START_MS = Date.UTC(2023, 10, 14, 11, 15);

interface MadeRow {
  readonly user_id: string;
  readonly item_id: string;
  readonly timestamp: string;
  readonly click: string;
  readonly colour: string;
  readonly price: string;
  readonly [more: string]: string;
}

export type Change = (row: MadeRow, n: number) => Readonly<Record<string, string>>;

/** 400 rows of 30 members and 20 items, every third a click. */
export function madeRows(change: Change = (row) => row): readonly Readonly<Record<string, string>>[] {
  return Array.from({ length: 400 }, (_, n) =>
    change(
      {
        user_id: `u${(n * 7) % 30}`,
        item_id: `i${(n * 11) % 20}`,
        timestamp: String(START_MS / 1000 + n * 5460),
        click: n % 3 === 0 ? '1' : '0',
        colour: ['red', 'green', 'blue'][n % 3 === 0 ? (n / 3) % 3 : n % 2]!,
        price: (5 + ((n * 13) % 97) / 4).toString(),
      },
      n,
    ),
  );
}

const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The rows as CSV with a header. */
export function madeCsv(change?: Change): string {
  const rows = madeRows(change);
  const names = Object.keys(rows[0]!);
  return [names, ...rows.map((row) => names.map((name) => row[name]!))]
    .map((row) => `${row.map(cell).join(',')}\n`)
    .join('');
}

interface Sniffed extends InitResult {
  /** The descriptor's text. */
  readonly text: string;
  readonly cwd: string;
  /** Prepares by the descriptor as it stands in the file. */
  prepared(progress?: Progress): Promise<PrepareResult>;
  reason(what: string): string | undefined;
}

/** Writes a file into a folder of its own and sniffs it. */
export async function sniffed(
  content: string | Buffer,
  name = 'log.csv',
  encoding?: string,
): Promise<Sniffed> {
  const cwd = await mkdtemp(join(tmpdir(), 'limaml-sniff-'));
  await writeFile(join(cwd, name), content);
  const result = await initDescriptor({
    file: name,
    directory: 'datasets',
    cwd,
    ...(encoding === undefined ? {} : { encoding }),
  });
  return {
    ...result,
    cwd,
    text: await readFile(result.path, 'utf8'),
    prepared: async (progress = silent) => {
      const { descriptor } = await loadDescriptor({ dataset: result.path, cwd });
      const outDirectory = join(cwd, 'prepared');
      return prepare({ descriptor, dataDirectory: cwd, outDirectory, threads: 1, progress });
    },
    reason: (what) => result.guesses.find((guess) => guess.what === what)?.reason,
  };
}
