// Breaks prose into lines of a width, keeping the line breaks that are there.

/** Lines of at most `width` columns, each with `indent` in front; words longer than that stay whole. */
export function wrap(text: string, width: number, indent = ''): readonly string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lead = /^ */.exec(paragraph)?.[0] ?? '';
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.trim().split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (indent.length + lead.length + longer.length > width && line !== '') {
        lines.push(indent + lead + line);
        line = word;
      } else {
        line = longer;
      }
    }
    lines.push(indent + lead + line);
    return lines;
  });
}
