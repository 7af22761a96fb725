// What an attacked command may do: the right thing, or a refusal by name. Everything else is wrong.

/** How a command ended. */
export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** It did not end in time, and was killed. */
  readonly late: boolean;
}

/** One kind of attack: how often it was tried, and what went wrong, in words that let it be done again. */
export interface Tally {
  readonly kind: string;
  readonly tries: number;
  readonly wrong: readonly string[];
}

/** What goes wrong in any case: a hang, a crash, a fault of ours, a stack, or an end without a name. */
export function brokenEnd({ code, signal, stderr, late }: Ended): string | undefined {
  if (late) return 'did not end';
  if (signal !== null || code === null) return `ended by ${signal}`;
  if (code > 2) return `exit code ${code}: ${firstLines(stderr)}`;
  if (/^ +at .+:\d+:\d+\)?$/m.test(stderr)) return `shows a stack: ${firstLines(stderr)}`;
  if (code > 0 && !/^error [A-Z][A-Z0-9_]+/m.test(stderr))
    return `exit code ${code} without a named error: ${firstLines(stderr)}`;
  return undefined;
}

/** As `brokenEnd`; and a command that ends with 0 must have given what it gives undisturbed. */
export function wrongEnd(ended: Ended, given: () => string, right: string): string | undefined {
  const broken = brokenEnd(ended);
  if (broken !== undefined) return broken;
  return ended.code === 0 && given() !== right ? 'exit code 0 with another result' : undefined;
}

export function firstLines(text: string): string {
  const from = text.search(/^error /m);
  return text
    .slice(Math.max(0, from))
    .trim()
    .split('\n')
    .slice(0, 3)
    .map((line) => line.trim())
    .join(' | ')
    .slice(0, 240);
}
