// The log that models under contract learn from: made up, with tastes planted in it, and prepared as any other log is.
import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { descriptorSchema } from '../../prep/descriptor/descriptor.js';
import { prepare } from '../../prep/prepare.js';
import type { PreparedDataset } from '../../prepared/dataset.js';
import { openPrepared } from '../../prepared/open.js';
import { randomStream } from '../../random.js';

const MEMBERS = 36;
const FILMS = 30;
const EVENTS = 20;
const DAY_S = 86_400;

const PREFIX = 'limaml-contract-';
/** No contract takes so long. */
const FORGOTTEN_MS = 3_600_000;

const DESCRIPTOR = descriptorSchema.parse({
  name: 'contract',
  events: { files: 'events.csv' },
  tables: {
    members: { files: 'members.csv', key: 'member', on: 'entity' },
    films: { files: 'films.csv', key: 'film', on: 'item' },
  },
  columns: {
    entity: 'member',
    item: 'film',
    timestamp: { column: 'at', unit: 's' },
    label: { kind: 'binary', column: 'click' },
  },
  // Every kind of feature, and features of every side.
  features: [
    { name: 'age', side: 'entity', kind: 'numeric' },
    { name: 'country', side: 'entity', kind: 'categorical' },
    { name: 'genre', side: 'item', kind: 'categorical' },
    { name: 'tags', side: 'item', kind: 'multi' },
    { name: 'quality', side: 'item', kind: 'numeric' },
    { name: 'device', side: 'event', kind: 'categorical' },
  ],
  split: { kind: 'per-entity-time', test: 0.2, valid: 0.2 },
});

interface Log {
  readonly events: string;
  readonly members: string;
  readonly films: string;
}

/**
 * Every member sees `EVENTS` films, one a day. A click depends on the film's quality, which a shared model can learn, and on
 * the member's own taste for its genre, which no feature tells.
 */
function plantedLog(seed: number): Log {
  const stream = randomStream(seed, 'contract');
  const quality = Array.from({ length: FILMS }, () => stream.normal());
  const events = ['member,film,at,click,device'];
  for (let member = 0; member < MEMBERS; member++) {
    const taste = stream.uniform() < 0.5 ? -1 : 1;
    for (let n = 0; n < EVENTS; n++) {
      const film = stream.integer(FILMS);
      const logit = 2 * quality[film]! + 1.5 * taste * (film % 2 === 0 ? 1 : -1);
      const click = stream.uniform() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
      events.push(`m${member},f${film},${1_600_000_000 + DAY_S * n + member},${click},d${stream.integer(3)}`);
    }
  }
  const members = Array.from({ length: MEMBERS }, (_, i) => `m${i},${20 + (i % 40)},c${i % 4}`);
  const films = quality.map(
    (value, i) => `f${i},${i % 2 === 0 ? 'drama' : 'comedy'},t${i % 5}|t${i % 3},${value}`,
  );
  return {
    events: events.join('\n'),
    members: ['member,age,country', ...members].join('\n'),
    films: ['film,genre,tags,quality', ...films].join('\n'),
  };
}

/** Writes and prepares the log of a seed, in a folder that goes when the process ends. */
export async function contractDataset(seed = 1): Promise<PreparedDataset> {
  await removeForgotten();
  const folder = await mkdtemp(join(tmpdir(), PREFIX));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(plantedLog(seed)))
    await writeFile(join(folder, `${name}.csv`), `${text}\n`);
  const { path } = await prepare({
    descriptor: DESCRIPTOR,
    dataDirectory: folder,
    outDirectory: join(folder, 'prepared'),
    threads: 1,
  });
  return openPrepared(path);
}

/** Test runners may end a process without an `exit`: what is left of it goes when the next one comes. */
async function removeForgotten(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(tmpdir(), name);
    const made = (await stat(folder).catch(() => undefined))?.mtimeMs ?? Date.now();
    if (Date.now() - made > FORGOTTEN_MS) await rm(folder, { recursive: true, force: true });
  }
}
