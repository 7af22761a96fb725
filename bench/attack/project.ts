// A small project of its own: a log in two files, side tables, a descriptor, a recipe that trains in seconds.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream } from '../../src/random.js';
import { firstLines } from './outcome.js';
import { inProcess } from './program.js';

const DESCRIPTOR = `name: tiny
data: raw
events: { files: events-*.csv }
tables:
  members: { files: members.csv, key: member, on: entity }
  films: { files: films.csv, key: film, on: item }
columns:
  entity: member
  item: film
  timestamp: { column: at, unit: s }
  label: { kind: threshold, column: stars, threshold: 4, range: [1, 5] }
features:
  - { name: age, side: entity, kind: numeric }
  - { name: genre, side: item, kind: categorical }
  - { name: tags, side: item, kind: multi }
  - { name: surface, side: event, kind: categorical }
  - { name: position, side: event, kind: numeric }
split: { kind: per-entity-time, test: 0.2, valid: 0.2 }
`;

const RECIPE = `name: tiny
dataset: tiny
model:
  name: limaml
  embedding: { size: 4 }
  meta: { hidden: [8], size: 4 }
  global: { hidden: [8] }
baselines:
  widedeep: { hidden: [8], embedding: { size: 4 } }
training: { epochs: 4, patience: 4, refit: true }
execution: { workers: 0 }
evaluation: { bootstrap: { replicates: 200 } }
seed: 1
`;

const MEMBERS = 60;
const FILMS = 30;
const EVENTS = 24;

/** Half of the members like one genre, half the other. */
function events(): readonly string[] {
  const stream = randomStream(1, 'attack');
  const lines: string[] = [];
  for (let n = 0; n < EVENTS; n++)
    for (let member = 1; member <= MEMBERS; member++) {
      const film = 1 + stream.integer(FILMS);
      const liked = (film % 2 === member % 2) === stream.uniform() < 0.9;
      const at = 1_600_000_000 + 86_400 * n + member;
      lines.push(`m${member},f${film},${liked ? 5 : 2},${at},${film % 3 ? 'feed' : 'mail'},${1 + (n % 5)}`);
    }
  return lines;
}

/** Header of the log. */
export const LOG_HEADER = 'member,film,stars,at,surface,position';

/** Rows to score: known and unknown members and films. */
export const ROWS = `entity,item,age,genre,tags,surface,position
m1,f1,21,comedy,short,feed,1
m2,f7,22,comedy,short|old,mail,2
nobody,f3,40,drama,,feed,3
m3,nothing,23,,,feed,4
`;

/** New events for a refresh, in the columns of the log. */
export function newEvents(members: readonly string[], at = 1_700_000_000): string {
  const lines = members.map((member, n) => `${member},f${1 + (n % FILMS)},${n % 2 ? 5 : 1},${at + n},feed,1`);
  return `${[LOG_HEADER, ...lines].join('\n')}\n`;
}

/** Writes the project into `folder`; nothing is run. */
export function bareProject(folder: string): string {
  const write = (file: string, lines: readonly string[] | string): void => {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), typeof lines === 'string' ? lines : `${lines.join('\n')}\n`);
  };
  const log = events();
  const half = Math.floor(log.length / 2);
  write('datasets/tiny.yaml', DESCRIPTOR);
  write('experiments/tiny/experiment.yaml', RECIPE);
  write('raw/events-1.csv', [LOG_HEADER, ...log.slice(0, half)]);
  write('raw/events-2.csv', [LOG_HEADER, ...log.slice(half)]);
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
  write('raw/members.csv', ['member,age', ...numbers(MEMBERS).map((i) => `m${i},${20 + i}`)]);
  const genre = (i: number) => (i % 2 ? 'comedy' : 'drama');
  const tags = (i: number) => ['', 'short', 'old|short'][i % 3]!;
  write('raw/films.csv', ['film,genre,tags', ...numbers(FILMS).map((i) => `f${i},${genre(i)},${tags(i)}`)]);
  write('new.csv', newEvents(['m1', 'm2', 'm3', 'somebody']));
  return folder;
}

/** What makes a trained project of a bare one. */
const STEPS: readonly (readonly string[])[] = [
  ['train', 'tiny', '--quiet'],
  ['eval', 'tiny/latest', '--baseline', 'widedeep', '--no-curves', '--quiet'],
  ['export', 'tiny/latest', '--out', 'bundle', '--verify', '--quiet'],
];

/** A project with a trained, evaluated and exported run. */
export async function trainedProject(folder: string): Promise<string> {
  bareProject(folder);
  for (const step of STEPS) {
    const ended = await inProcess(step, { cwd: folder });
    if (ended.code !== 0) throw new Error(`${step.join(' ')}: ${firstLines(ended.stderr)}`);
  }
  return folder;
}

export function copyProject(from: string, to: string): string {
  cpSync(from, to, { recursive: true });
  return to;
}
