// The table of rooms in docs/architecture.md: what each holds and which others it may import.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './source-files.js';

interface Room {
  /** Folder below src, to a depth of two; `base` for files in src itself. */
  readonly name: string;
  readonly holds: string;
  /** Rooms it may import; `base` may be imported by all. */
  readonly imports: readonly string[];
  /** Packages that are at home here. */
  readonly packages: readonly string[];
}

export const DOCUMENT = 'docs/architecture.md';

/** Rows `| room | holds | imports | packages |` of the document, from the ground up. */
export function roomsOf(text: string): readonly Room[] {
  const cells = (line: string): string[] =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', ''));
  const list = (cell: string): string[] => (cell === '' ? [] : cell.split(/,\s*/));
  const lines = text.split('\n');
  const head = lines.findIndex((line) => /^\| room +\| holds +\|/.test(line));
  if (head < 0) throw new Error(`${DOCUMENT} has no table of rooms`);
  const end = lines.findIndex((line, at) => at > head && !line.startsWith('|'));
  return lines.slice(head + 2, end < 0 ? undefined : end).map((line) => {
    const [name = '', holds = '', imports = '', packages = ''] = cells(line);
    return { name, holds, imports: list(imports), packages: list(packages) };
  });
}

export const readDocument = (): string => readFileSync(join(ROOT, DOCUMENT), 'utf8');

/** Folder directly below src that a room belongs to. */
export const floorOf = (room: string): string => room.split('/', 1)[0]!;

/** The picture: floors as boxes, an arrow for each floor that another imports and that no other arrow implies. */
export function drawRooms(rooms: readonly Room[]): string {
  const floors = [...new Set(rooms.map(({ name }) => floorOf(name)))].filter((floor) => floor !== 'base');
  const direct = new Map(
    floors.map((floor) => {
      const mine = rooms.filter(({ name }) => floorOf(name) === floor);
      const targets = mine.flatMap(({ imports }) => imports.map(floorOf));
      return [floor, new Set(targets.filter((target) => target !== floor && target !== 'base'))] as const;
    }),
  );
  const reached = (from: string, without: string): ReadonlySet<string> => {
    const seen = new Set<string>();
    const visit = (floor: string): void => {
      for (const next of direct.get(floor) ?? [])
        if (!(floor === from && next === without) && !seen.has(next)) {
          seen.add(next);
          visit(next);
        }
    };
    visit(from);
    return seen;
  };
  const arrows = floors
    .toReversed()
    .flatMap((floor) =>
      floors
        .filter((other) => direct.get(floor)!.has(other) && !reached(floor, other).has(other))
        .map((other) => `  ${floor} --> ${other}`),
    );
  return ['```mermaid', 'flowchart TD', ...arrows, '```'].join('\n');
}
