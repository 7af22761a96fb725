// A fault put into one source file on purpose, and the tests that must notice it.
export interface Mutant {
  /** Short and unique, e.g. `F1`. */
  readonly name: string;
  /** What is broken, in words: what would be silently wrong. */
  readonly what: string;
  /** Path of the source, relative to the root. */
  readonly file: string;
  /** Text that stands exactly once in the file. */
  readonly search: string;
  readonly replace: string;
  /** Test files, relative to the root: each of them must fail. */
  readonly tests: readonly string[];
}

/** The source with the fault in it. Throws where the text to replace does not stand there exactly once. */
export function mutate(source: string, { name, file, search, replace }: Mutant): string {
  const times = source.split(search).length - 1;
  if (times !== 1)
    throw new Error(`mutant ${name}: its text stands ${times} times in ${file}, and must stand once`);
  if (search === replace) throw new Error(`mutant ${name} changes nothing`);
  return source.replace(search, () => replace);
}
