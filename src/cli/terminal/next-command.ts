// The command to go on with, to be copied as it stands.
import type { Style } from './style.js';

/** `what: limaml …`, with every word as a shell needs it. */
export function nextCommand(what: string, ...words: readonly string[]): string {
  return `${what}: ${['limaml', ...words.map(shellWord)].join(' ')}`;
}

/** What to do with a bundle, or with a part of one. */
export function bundleCommands(bundle: string, style: Style, isPart = false): readonly string[] {
  if (isPart)
    return [`${nextCommand('When all shards are done', 'merge', style.path(bundle))} … --out bundle`];
  const folder = style.path(bundle);
  return [
    `${nextCommand('Score rows with it', 'score', '--bundle', folder, '--lookup')} < rows.csv`,
    nextCommand('After new events', 'refresh', '--bundle', folder, '--events', 'new.csv'),
  ];
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
