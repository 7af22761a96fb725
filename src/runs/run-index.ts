// What was read of many runs, kept beside them: an entry counts only while every file it was read from is as it was then.
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashBytes } from '../hash.js';
import { temporaryNames } from '../temporary-names.js';
import type { RunPlace } from './places.js';
import type { OwnSummary } from './summary.js';

const FORMAT = { format: 'limaml-run-index', version: 1 } as const;
const INDEX = '.index.json';

/** Fewer are read at once: no file is left in the folder of a small experiment. */
const WORTH_IT = 64;
/** A file changed this lately could change again without its time telling: what was read of it is not kept. */
const UNSURE_MS = 2000;

/** What a summary is read from; all else in a run's folder says nothing to a list. */
const FILES = ['config.json', 'provenance.json', 'metrics.jsonl', 'eval.json'];
const DONE = 'DONE';
/** Marks of a run without DONE; whether it is at work is asked anew each time. */
const [RUNNING, FAILED] = ['RUNNING', 'FAILED'];

type Entry = readonly [stamp: string, summary: OwnSummary];

interface RunIndex {
  /** The summary that is known of a run, if its files are those that it was read from. */
  known(place: RunPlace): OwnSummary | undefined;
  /** Notes what was just read. */
  learn(place: RunPlace, summary: OwnSummary): void;
  /** Writes what is new, whole or not at all; of two writers one stands. A folder that cannot be written to is read anew next time. */
  keep(): void;
}

/** The index of one `runs/` folder; `now` in milliseconds. An index that cannot be read is made anew. */
export function openIndex(runsFolder: string, now: number): RunIndex {
  const file = join(runsFolder, INDEX);
  const stored = readIndex(file);
  const kept = new Map<string, Entry>();
  const stamps = new Map<string, Stamp | undefined>();
  let changed = false;
  return {
    known: ({ id, path }) => {
      const stamp = stampOf(path);
      stamps.set(id, stamp);
      const entry = stored.get(id);
      if (entry === undefined || entry[0] !== stamp?.text) return undefined;
      kept.set(id, entry);
      return entry[1];
    },
    learn: ({ id, path }, summary) => {
      const before = stamps.get(id);
      const after = stampOf(path);
      // Changed while it was read, or so lately that it may be again.
      if (before === undefined || before.text !== after?.text || now - before.changedMs < UNSURE_MS) return;
      kept.set(id, [before.text, summary]);
      changed = true;
    },
    keep: () => {
      if (stamps.size < WORTH_IT || (!changed && kept.size === stored.size)) return;
      writeIndex(file, kept);
    },
  };
}

interface Stamp {
  readonly text: string;
  /** When the newest of the files was changed. */
  readonly changedMs: number;
}

/** Which files there are, and what tells a changed one; undefined while the run is at work. */
function stampOf(path: string): Stamp | undefined {
  let text = '';
  let changedMs = 0;
  const add = (name: string): boolean => {
    const stats = statSync(`${path}/${name}`, QUIET);
    text += stats === undefined ? '-,' : `${stats.ctimeMs} ${stats.size} ${stats.ino},`;
    changedMs = Math.max(changedMs, stats?.ctimeMs ?? 0);
    return stats !== undefined;
  };
  const sealed = add(DONE);
  if (!sealed && add(RUNNING)) return undefined;
  if (!sealed) add(FAILED);
  for (const name of FILES) add(name);
  return { text, changedMs };
}

const QUIET = { throwIfNoEntry: false } as const;

/** A line that proves the rest, then the entries. */
function readIndex(file: string): ReadonlyMap<string, Entry> {
  try {
    const text = readFileSync(file, 'utf8');
    const end = text.indexOf('\n');
    const head = JSON.parse(text.slice(0, end)) as Record<string, unknown>;
    const body = text.slice(end + 1);
    const isOurs = head['format'] === FORMAT.format && head['version'] === FORMAT.version;
    if (!isOurs || head['sha256'] !== hashBytes(Buffer.from(body))) return new Map();
    return new Map(Object.entries(JSON.parse(body) as Record<string, Entry>));
  } catch {
    // Not there, cut off, or not ours: everything is read anew, which loses time and nothing else.
    return new Map();
  }
}

function writeIndex(file: string, entries: ReadonlyMap<string, Entry>): void {
  const body = JSON.stringify(Object.fromEntries(entries));
  const head = JSON.stringify({ ...FORMAT, sha256: hashBytes(Buffer.from(body)) });
  const temporary = temporaryNames(file)('tmp');
  try {
    writeFileSync(temporary, `${head}\n${body}`);
    renameSync(temporary, file);
  } catch {
    // A folder that cannot be written to, a full disk: the next list takes longer, and says the same.
    rmSync(temporary, { force: true });
  }
}
