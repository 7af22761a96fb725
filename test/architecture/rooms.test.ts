// Who may import whom: the table of docs/architecture.md, held against every import of every source file.
import { describe, expect, it } from 'vitest';
import { DOCUMENT, drawRooms, floorOf, readDocument, roomsOf } from './rooms-table.js';
import { importedPath, packageName, programs, roomOf, sources } from './source-files.js';

const document = readDocument();
const rooms = roomsOf(document);
const named = new Map(rooms.map((room) => [room.name, room]));

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly file: string;
  readonly imported: string;
}

const edges: readonly Edge[] = sources.flatMap((file) =>
  file.imports.flatMap(({ from }) => {
    const imported = importedPath(file, from);
    if (imported === undefined) return [];
    return [{ from: roomOf(file.path), to: roomOf(imported), file: file.path, imported }];
  }),
);

describe('rooms', () => {
  it('are the folders of src, each with what it holds', () => {
    const folders = new Set(sources.map(({ path }) => roomOf(path)));
    expect(rooms.map(({ name }) => name).toSorted()).toEqual([...folders].toSorted());
    expect(rooms.filter(({ holds }) => holds.length < 10)).toEqual([]);
    expect(rooms.length).toBeGreaterThan(45);
  });

  it('import what the table allows', () => {
    expect(edges.length).toBeGreaterThan(1000);
    const wrong = edges.filter(
      ({ from, to }) => from !== to && to !== 'base' && !named.get(from)?.imports.includes(to),
    );
    expect(
      wrong.map(({ from, to, file, imported }) => `${from} → ${to}: ${file} imports ${imported}`),
    ).toEqual([]);
  });

  it('are allowed no import that none of their files needs', () => {
    const used = new Set(edges.map(({ from, to }) => `${from} → ${to}`));
    const allowed = rooms.flatMap(({ name, imports }) => imports.map((other) => `${name} → ${other}`));
    expect(allowed.filter((edge) => !used.has(edge))).toEqual([]);
    expect(allowed.length).toBeGreaterThan(100);
  });

  it('stand in the table from the ground up: each imports only rooms further up the page', () => {
    const place = new Map(rooms.map(({ name }, at) => [name, at]));
    const wrong = rooms.flatMap(({ name, imports }) =>
      imports.filter((other) => !(place.get(other)! < place.get(name)!)).map((other) => `${name} → ${other}`),
    );
    expect(wrong).toEqual([]);
    // Nor does a floor stand above and below another.
    const floors = rooms.map(({ name }) => floorOf(name));
    expect(floors.filter((floor, at) => at > 0 && floor !== floors[at - 1])).toEqual(
      [...new Set(floors)].slice(1),
    );
    expect(edges.filter(({ from, to }) => from === 'base' && to !== 'base')).toEqual([]);
  });

  it('are drawn as the table says', () => {
    expect(document, `put this picture into ${DOCUMENT}:\n${drawRooms(rooms)}`).toContain(drawRooms(rooms));
  });

  it('keep heavy packages at home', () => {
    const homes = new Map<string, Set<string>>();
    for (const { name, packages } of rooms)
      for (const home of packages) homes.set(home, (homes.get(home) ?? new Set()).add(name));
    const used = sources.flatMap((file) =>
      file.imports
        .map(({ from }) => packageName(from))
        .filter((name) => !name.startsWith('.') && !name.startsWith('node:') && name !== 'zod')
        .map((name) => ({ name, room: roomOf(file.path), file: file.path })),
    );
    expect(used.filter(({ name, room }) => !homes.get(name)?.has(room))).toEqual([]);
    const seen = new Set(used.map(({ name, room }) => `${name} in ${room}`));
    const stated = [...homes].flatMap(([name, set]) => [...set].map((room) => `${name} in ${room}`));
    expect(stated.filter((home) => !seen.has(home))).toEqual([]);
    expect(homes.size).toBeGreaterThan(7);
  });
});

describe('files', () => {
  it('import no circle, types counted', () => {
    const byPath = new Map(programs.map((file) => [file.path, file]));
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (path: string, way: readonly string[]): void => {
      if (way.includes(path)) {
        circles.push([...way.slice(way.indexOf(path)), path].join(' → '));
        return;
      }
      if (done.has(path)) return;
      const file = byPath.get(path)!;
      for (const { from } of file.imports) {
        const imported = importedPath(file, from);
        if (imported !== undefined) visit(imported, [...way, path]);
      }
      done.add(path);
    };
    for (const { path } of programs) visit(path, []);
    expect(circles).toEqual([]);
    expect(done.size).toBe(programs.length);
  });
});
