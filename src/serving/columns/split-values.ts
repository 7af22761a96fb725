// One text of several values as those values.

/** The values that a text of several holds: trimmed, each once in order of first appearance, the first `max` of them. */
export function splitValues(text: string, separator: string, max: number): readonly string[] {
  const values: string[] = [];
  if (text === '') return values;
  for (const part of text.split(separator)) {
    const value = part.trim();
    if (value !== '' && !values.includes(value)) values.push(value);
    if (values.length === max) break;
  }
  return values;
}
