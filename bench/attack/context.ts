// What an attack works with: folders, chance, and how long it may take.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RandomStream, randomStream } from '../../src/random.js';
import type { Tally } from './outcome.js';
import { bareProject, copyProject, trainedProject } from './project.js';

export interface Context {
  /** A project before anything was run. */
  readonly bare: string;
  /** A project with a trained, evaluated and exported run. */
  readonly trained: string;
  readonly random: RandomStream;
  /** The long form tries everything; the short one a part, for CI. */
  readonly long: boolean;
  /** What all kinds need, found by the first that asks: how long it takes to run undisturbed, and what it gives. */
  once<T>(name: string, find: () => Promise<T>): Promise<T>;
  /** A new folder for one try. */
  folder(): string;
  /** Keeps an input that broke something, where that is wanted; says where. */
  keep(name: string, input: string | Buffer): string;
  note(text: string): void;
}

export interface Attack {
  readonly kind: string;
  /** What is tried, for the table. */
  readonly what: string;
  run(context: Context): Promise<Tally>;
}

export interface AttackOptions {
  readonly seed: number;
  readonly long: boolean;
  readonly note: (text: string) => void;
  /** Folder for inputs that broke something. */
  readonly keep?: string | undefined;
}

/** The projects of all kinds, and what was found of them. */
export interface Places {
  readonly work: string;
  readonly bare: string;
  readonly trained: string;
  readonly found: Map<string, Promise<unknown>>;
}

/** Makes the projects in `work`. */
export async function placesIn(work: string): Promise<Places> {
  const bare = bareProject(join(work, 'bare'));
  return { work, bare, trained: await trainedProject(join(work, 'trained')), found: new Map() };
}

/** The context of one attack; all of its folders are in `work`. */
export function contextFor(kind: string, places: Places, { seed, long, note, keep }: AttackOptions): Context {
  return {
    once: <T>(name: string, find: () => Promise<T>) => {
      const found = (places.found.get(name) as Promise<T> | undefined) ?? find();
      places.found.set(name, found);
      return found;
    },
    bare: places.bare,
    trained: places.trained,
    random: randomStream(seed, kind),
    long,
    folder: () => mkdtempSync(join(places.work, 'try-')),
    keep: (name, input) => {
      if (keep === undefined) return '';
      mkdirSync(keep, { recursive: true });
      writeFileSync(join(keep, name), input);
      return ` (${join(keep, name)})`;
    },
    note: (text) => note(`${kind}: ${text}`),
  };
}

/** A copy of a project that lasts as long as the attack. */
export const copyOf = (context: Context, from: string): string =>
  copyProject(from, join(context.folder(), 'project'));

/** One try in a copy of `from`, which is removed afterwards. */
export async function inCopy<T>(
  context: Context,
  from: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = context.folder();
  try {
    return await work(copyProject(from, join(folder, 'project')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Gathers what went wrong in one attack. */
export function tallying(kind: string, context: Context) {
  const wrong: string[] = [];
  let tries = 0;
  return {
    /** Counts a try; `fault` is what went wrong, or undefined. */
    try(name: string, fault: string | undefined): void {
      tries += 1;
      if (fault === undefined) return;
      wrong.push(`${name}: ${fault}`);
      context.note(`WRONG ${name}: ${fault}`);
    },
    end: (): Tally => ({ kind, tries, wrong }),
  };
}

export const pick = <T>(random: RandomStream, list: readonly T[]): T => list[random.integer(list.length)]!;
