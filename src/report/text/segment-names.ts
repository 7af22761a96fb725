// What segments, and that by which rows are put into them, are called in text.

const HEADINGS: Readonly<Record<string, string>> = {
  historyLength: 'History length (known events)',
  seen: 'Known before the test rows',
  itemEvents: 'Item popularity (training events)',
  sinceLast: 'Time since the last known event',
  vectorAge: 'Age of the vector',
};

/** What rows are put into segments by: ours by name, else the feature. */
export function segmentHeading(by: string): string {
  return HEADINGS[by] ?? by;
}

/** A segment's name as it is shown: ours in print, a feature's as it is. */
export function segmentLabel(by: string, value: string): string {
  if (HEADINGS[by] === undefined) return value;
  return value
    .replace(/^<=/, '≤ ')
    .replace(/^>/, '> ')
    .replace(/^(\w+)-(\w+)$/, '$1–$2');
}

/** `history length 1–5`, for use in a sentence. */
export function segmentName(by: string, value: string): string {
  const label = segmentLabel(by, value);
  if (by === 'seen') return value === 'new' ? 'new entities' : 'seen entities';
  if (by === 'historyLength') return `history length ${label}`;
  if (by === 'itemEvents') return `items of ${label} training events`;
  if (by === 'sinceLast') return value === 'never' ? 'no known event' : `last known event ${label} ago`;
  if (by === 'vectorAge') return `vectors ${label} old`;
  return `${by} ${value}`;
}
