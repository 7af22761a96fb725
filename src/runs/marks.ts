// Tags and notes of an experiment's runs, in one file beside them: a tag names one run, and moves at once.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { inTurn } from '../claim.js';
import { UserError } from '../errors.js';
import { readRunJson, writeRunJson } from './json.js';

const FORMAT = { format: 'limaml-run-marks', version: 1 } as const;
const MARKS = 'marks.json';
/** There while a process writes it. */
const MARKING = '.marks.lock';
const PATIENCE_MS = 30_000;

const marksSchema = z.object({
  format: z.literal(FORMAT.format),
  version: z.literal(FORMAT.version),
  /** Id of the run by tag. */
  tags: z.record(z.string(), z.string()),
  /** Text by id of the run. */
  notes: z.record(z.string(), z.string()),
});
export type Marks = Pick<z.output<typeof marksSchema>, 'tags' | 'notes'>;

/** Words that mean something else where a run is named. */
const TAKEN = ['latest', 'best'];

/** Tags and notes in a `runs/` folder. Throws RUN_DAMAGED. */
export function readMarks(runsFolder: string): Marks {
  const file = join(runsFolder, MARKS);
  return existsSync(file)
    ? readRunJson(file, marksSchema, 'Restore it; without it the runs have no tags and notes.')
    : { tags: {}, notes: {} };
}

export function tagsOf({ tags }: Marks, id: string): readonly string[] {
  return Object.entries(tags)
    .filter(([, run]) => run === id)
    .map(([tag]) => tag)
    .sort();
}

/** Gives a run a tag; returns the id of the run that had it, if another did. Throws RUN_TAG and BUSY. */
export async function tagRun(runsFolder: string, id: string, tag: string): Promise<string | undefined> {
  // An id begins with a digit, so that neither can stand for the other.
  if (!/^[a-z][a-z0-9._-]*$/.test(tag) || TAKEN.includes(tag))
    throw new UserError({
      code: 'RUN_TAG',
      where: tag,
      what: 'A tag is a lower-case letter, then lower-case letters, digits, dots and dashes; "latest" and "best" are none.',
      next: 'For example: limaml runs tag latest production',
    });
  let before: string | undefined;
  await changeMarks(runsFolder, ({ tags, notes }) => {
    before = tags[tag];
    return { tags: { ...tags, [tag]: id }, notes };
  });
  return before === id ? undefined : before;
}

/** Takes a tag from a run. Throws RUN_TAG where it has none of that name, and BUSY. */
export async function untagRun(runsFolder: string, id: string, tag: string): Promise<void> {
  await changeMarks(runsFolder, (marks) => {
    const { [tag]: run, ...tags } = marks.tags;
    if (run === id) return { ...marks, tags };
    const own = tagsOf(marks, id);
    throw new UserError({
      code: 'RUN_TAG',
      where: tag,
      what: `Run ${id} has no such tag.`,
      next: own.length === 0 ? 'It has none.' : `Its tags: ${own.join(', ')}.`,
    });
  });
}

/** Sets the note of a run; an empty text takes it away. Throws BUSY. */
export async function noteRun(runsFolder: string, id: string, text: string): Promise<void> {
  await changeMarks(runsFolder, ({ tags, notes: { [id]: _, ...others } }) => ({
    tags,
    notes: text === '' ? others : { ...others, [id]: text },
  }));
}

/**
 * Takes a run out of its folder by `move`, with its tags and its note; nobody can tag it meanwhile. Throws RUN_NEEDED for a tagged run
 * unless that is `meant`, and BUSY.
 */
export async function takeOut(
  runsFolder: string,
  id: string,
  meant: boolean,
  move: () => void,
): Promise<void> {
  await inTurn(join(runsFolder, MARKING), PATIENCE_MS, async () => {
    const { tags, notes } = readMarks(runsFolder);
    const own = tagsOf({ tags, notes }, id);
    if (own.length > 0 && !meant) throw tagged(id, own);
    move();
    if (own.length === 0 && notes[id] === undefined) return;
    const { [id]: _, ...otherNotes } = notes;
    const otherTags = Object.fromEntries(Object.entries(tags).filter(([, run]) => run !== id));
    await writeRunJson(join(runsFolder, MARKS), { ...FORMAT, tags: otherTags, notes: otherNotes });
  });
}

function tagged(id: string, tags: readonly string[]): UserError {
  return new UserError({
    code: 'RUN_NEEDED',
    where: id,
    what: `This run was tagged in the meantime: ${tags.join(', ')}.`,
    next: 'See: limaml runs',
  });
}

async function changeMarks(runsFolder: string, change: (marks: Marks) => Marks): Promise<void> {
  await inTurn(join(runsFolder, MARKING), PATIENCE_MS, async () => {
    const { tags, notes } = change(readMarks(runsFolder));
    await writeRunJson(join(runsFolder, MARKS), { ...FORMAT, tags, notes });
  });
}
