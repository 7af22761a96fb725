// A user's project in a temporary folder: a small log with tastes, its descriptor and a recipe that trains in a second.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomStream } from '../../src/random.js';

export interface Project {
  readonly path: string;
  /** Writes a file of the project. */
  write(file: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

const DESCRIPTOR = `name: tiny
licence: made up for a test
source: {}
data: raw
events: { files: events.csv }
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
split: { kind: per-entity-time, test: 0.2, valid: 0.2 }
`;

const RECIPE = `name: tiny
dataset: datasets/tiny.yaml
model:
  name: limaml
  embedding: { size: 4 }
  meta: { hidden: [8], size: 4 }
  global: { hidden: [8] }
baselines:
  widedeep: { hidden: [8], embedding: { size: 4 } }
training: { epochs: 2 }
execution: { workers: 0 }
evaluation: { bootstrap: { replicates: 200 } }
`;

/** Half of the members like one genre and half the other; 40 members rate 20 films each. */
export function tinyEvents(): string {
  const stream = randomStream(1, 'tiny');
  const lines = ['member,film,stars,at'];
  for (let member = 1; member <= 40; member++)
    for (let n = 0; n < 20; n++) {
      const film = 1 + stream.integer(30);
      const liked = (film % 2 === member % 2) === stream.uniform() < 0.9;
      lines.push(`m${member},f${film},${liked ? 5 : 2},${1_600_000_000 + 86_400 * n + member}`);
    }
  return `${lines.join('\n')}\n`;
}

export async function smallProject(): Promise<Project> {
  const path = await mkdtemp(join(tmpdir(), 'limaml-project-'));
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(join(path, file, '..'), { recursive: true });
    await writeFile(join(path, file), text);
  };
  await write('datasets/tiny.yaml', DESCRIPTOR);
  await write('experiments/tiny/experiment.yaml', RECIPE);
  await write('raw/events.csv', tinyEvents());
  await write(
    'raw/members.csv',
    `member,age\n${Array.from({ length: 40 }, (_, i) => `m${i + 1},${20 + i}\n`).join('')}`,
  );
  await write(
    'raw/films.csv',
    `film,genre\n${Array.from({ length: 30 }, (_, i) => `f${i + 1},${i % 2 ? 'comedy' : 'drama'}\n`).join('')}`,
  );
  return { path, write, remove: () => rm(path, { recursive: true }) };
}
