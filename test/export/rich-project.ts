// The small project with every kind of feature: numbers, buckets, categories, several categories, and one that the event brings.
import { type Project, smallProject } from '../cli/small-project.js';

const DESCRIPTOR = `name: rich
licence: made up for a test
source: {}
data: raw
events: { files: rich.csv }
tables:
  members: { files: people.csv, key: member, on: entity }
  films: { files: titles.csv, key: film, on: item }
columns:
  entity: member
  item: film
  timestamp: { column: at, unit: s }
  label: { kind: threshold, column: stars, threshold: 4, range: [1, 5] }
features:
  - { name: age, side: entity, kind: numeric }
  - { name: town, side: entity, kind: categorical }
  - { name: genre, side: item, kind: categorical }
  - { name: tags, side: item, kind: multi, max: 2 }
  - { name: year, side: item, kind: numeric, buckets: 4 }
  - { name: price, side: event, kind: numeric, log: true, missing: ["?"] }
split: { kind: per-entity-time, test: 0.2, valid: 0.2 }
`;

const RECIPE = `name: rich
dataset: datasets/rich.yaml
model:
  name: limaml
  embedding: { size: 4 }
  meta: { hidden: [8], size: 4, rows: true, pooling: recency }
  global: { hidden: [8] }
  episodes: { tasks: 8, maxSupport: 10 }
baselines:
  widedeep: { hidden: [8], embedding: { size: 4 } }
  deep: { hidden: [8], embedding: { size: 4 } }
training: { epochs: 12, patience: 12 }
execution: { workers: 0 }
evaluation: { bootstrap: { replicates: 200 } }
`;

const TOWNS = ['oslo', 'rome', 'lima', 'rio, the big one'];
const TAGS = ['slow|loud', 'loud', '', 'odd|slow|loud'];

const member = (m: number): string[] => [String(20 + m), TOWNS[m % TOWNS.length]!];
const film = (f: number): string[] => [
  f % 2 === 1 ? 'comedy' : 'drama',
  TAGS[f % TAGS.length]!,
  String(1980 + f),
];

/** Columns of a row to score, in the order of `cellsOf`. */
export const CELL_NAMES = ['entity', 'item', 'age', 'town', 'genre', 'tags', 'year', 'price'] as const;

/** Raw values of a row of the log, found by member, film and time. */
export type Cells = (entity: string, item: string, timestampMs: number) => readonly string[];

export const csvLine = (cells: readonly string[]): string =>
  cells.map((cell) => (cell.includes(',') ? `"${cell}"` : cell)).join(',');

/** Writes the files; the result gives the raw values of logged rows. */
export async function richProject(): Promise<{
  readonly project: Project;
  readonly cells: Cells;
  /** The whole log with the columns that refresh reads. */
  readonly logCsv: () => string;
}> {
  const project = await smallProject();
  const prices = new Map<string, string>();
  const events = ['member,film,stars,at,price'];
  // 36 members: some have long histories, some short ones.
  for (let m = 1; m <= 36; m++)
    for (let n = 0; n < 6 + (m % 3) * 8; n++) {
      const f = 1 + ((m * 7 + n * (2 * (m % 5) + 1)) % 24);
      const at = 1_600_000_000 + 86_400 * n + m;
      const price = (m + n) % 6 === 0 ? '?' : String(((n * 7 + m) % 13) + 0.5);
      const liked = f % 2 === m % 2 ? (m + n) % 7 !== 0 : (m + n) % 9 === 0;
      prices.set(`m${m} ${at}`, price);
      events.push(`m${m},f${f},${liked ? 5 : 2},${at},${price}`);
    }
  const table = (
    key: string,
    names: readonly string[],
    count: number,
    row: (n: number) => string[],
  ): string =>
    [[key, ...names], ...Array.from({ length: count }, (_, n) => [`${key[0]}${n + 1}`, ...row(n + 1)])]
      .map((line) => `${csvLine(line)}\n`)
      .join('');
  await project.write('datasets/rich.yaml', DESCRIPTOR);
  await project.write('experiments/rich/experiment.yaml', RECIPE);
  await project.write('raw/rich.csv', `${events.join('\n')}\n`);
  await project.write('raw/people.csv', table('member', ['age', 'town'], 36, member));
  await project.write('raw/titles.csv', table('film', ['genre', 'tags', 'year'], 24, film));
  const cells: Cells = (entity, item, timestampMs) => [
    entity,
    item,
    ...member(Number(entity.slice(1))),
    ...film(Number(item.slice(1))),
    prices.get(`${entity} ${timestampMs / 1000}`)!,
  ];
  const logCsv = (): string => {
    const rows = events.slice(1).map((line) => line.split(','));
    const lines = rows.map(
      ([m, f, stars, at, price]) => `${m},${f},${at}000,${stars === '5' ? 1 : 0},${price}\n`,
    );
    return `member,film,timestamp_ms,label,price\n${lines.join('')}`;
  };
  return { project, cells, logCsv };
}
