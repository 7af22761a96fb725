// Breaks prose into lines of a width, keeping the line breaks that are there; colours and wide characters count as what is seen.
import wrapAnsi from 'wrap-ansi';

/** Lines of at most `width` columns, each with `indent` in front; words longer than that stay whole. */
export function wrap(text: string, width: number, indent = ''): readonly string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lead = indent + (/^ */.exec(paragraph)?.[0] ?? '');
    const room = Math.max(1, width - lead.length);
    return wrapAnsi(paragraph.trim(), room, { hard: false })
      .split('\n')
      .map((line) => lead + line.trimEnd());
  });
}
