// A page of docs/adding/ as steps: files to make, lines to change, commands to run. Everything else on it is for people.

export type Step =
  | { readonly kind: 'make'; readonly file: string; readonly text: string }
  | { readonly kind: 'change'; readonly file: string; readonly hunks: readonly Hunk[] }
  | { readonly kind: 'run'; readonly command: string };

/** Consecutive lines of a file, before and after. */
interface Hunk {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const BLOCK = /^(New file `([^`]+)`|In `([^`]+)`|Run)(?:,[^\n]*)?:\n\n```(\w+)\n(.*?)^```$/gms;

/** Reads a page. Throws for a code block that stands under none of the three phrases: nobody would follow it. */
export function stepsOf(page: string): readonly Step[] {
  const steps = [...page.matchAll(BLOCK)].flatMap(([, , made, changed, language, text]): readonly Step[] => {
    if (made !== undefined) return [{ kind: 'make', file: made, text: text! }];
    if (changed !== undefined && language === 'diff')
      return [{ kind: 'change', file: changed, hunks: text!.split('…\n').map(hunkOf) }];
    if (language === 'sh')
      return text!
        .trim()
        .split('\n')
        .map((command) => ({ kind: 'run', command }));
    return [];
  });
  const blocks = page.match(/^```\w/gm)?.length ?? 0;
  const followed = [...page.matchAll(BLOCK)].length;
  if (blocks !== followed) throw new Error(`${blocks - followed} code blocks belong to no step`);
  return steps;
}

function hunkOf(text: string): Hunk {
  const lines = text.split('\n').slice(0, -1);
  const strange = lines.find((line) => !/^[ +-]/.test(line));
  if (strange !== undefined) throw new Error(`a line of a diff begins with " ", "+" or "-": ${strange}`);
  const side = (sign: string): readonly string[] =>
    lines.filter((line) => line[0] === ' ' || line[0] === sign).map((line) => line.slice(1));
  return { before: side('-'), after: side('+') };
}

/** The text with the hunk's lines exchanged. Throws where they do not stand in it exactly once. */
export function changed(text: string, { before, after }: Hunk): string {
  const block = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
  const parts = `\n${text}`.split(`\n${block(before)}`);
  if (before.length === 0 || parts.length !== 2)
    throw new Error(`found ${parts.length - 1} times instead of once:\n${block(before)}`);
  return parts.join(`\n${block(after)}`).slice(1);
}
