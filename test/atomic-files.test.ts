// Files and folders appear whole or not at all: when writing fails, and when the user stops the program in the middle.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileAtomic, writeFolderAtomic, writeJsonAtomic } from '../src/atomic-files.js';
import { interrupt, onInterruption } from '../src/interruption.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limaml-atomic-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a file', () => {
  it('replaces the old one and leaves nothing beside it', async () => {
    const path = join(folder, 'a', 'file.json');
    await writeJsonAtomic(path, { b: 1 });
    await writeFileAtomic(path, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(join(folder, 'a'))).toEqual(['file.json']);
  });

  it('leaves nothing behind when it cannot be put in place', async () => {
    // A folder of that name with something in it cannot be replaced by a file.
    await writeFileAtomic(join(folder, 'taken', 'inside'), 'x');
    await expect(writeFileAtomic(join(folder, 'taken'), 'y')).rejects.toThrow(
      /EISDIR|ENOTEMPTY|EEXIST|EPERM/,
    );
    expect(await readdir(folder)).toEqual(['taken']);
  });
});

describe('a file half written', () => {
  it('is gone once the program is interrupted, and the old one stands', async () => {
    const path = join(folder, 'file.json');
    await writeFileAtomic(path, 'old');
    const seen: (readonly string[])[] = [];
    async function* content(): AsyncGenerator<string> {
      yield 'ne';
      seen.push(await readdir(folder));
      interrupt();
      seen.push(await readdir(folder));
      yield 'w';
    }
    // Written piece by piece, so that the interruption comes in between.
    const writing = writeFileAtomic(path, content() as unknown as string);
    await expect(writing).rejects.toThrow('ENOENT');
    expect(seen[0]).toHaveLength(2);
    expect(seen[1]).toEqual(['file.json']);
    expect(await readFile(path, 'utf8')).toBe('old');
  });
});

describe('a folder', () => {
  it('is replaced as a whole', async () => {
    const path = join(folder, 'set');
    await writeFolderAtomic(path, (inner) => writeFile(join(inner, 'old'), ''));
    await writeFolderAtomic(path, (inner) => writeFile(join(inner, 'new'), ''));
    expect(await readdir(path)).toEqual(['new']);
    expect(await readdir(folder)).toEqual(['set']);
  });

  it('stays as it was when filling fails', async () => {
    const path = join(folder, 'set');
    await writeFolderAtomic(path, (inner) => writeFile(join(inner, 'old'), ''));
    const failing = writeFolderAtomic(path, async (inner) => {
      await writeFile(join(inner, 'half'), '');
      throw new Error('disk full');
    });
    await expect(failing).rejects.toThrow('disk full');
    expect(await readdir(path)).toEqual(['old']);
    expect(await readdir(folder)).toEqual(['set']);
  });

  it('comes back when the new one cannot be put in its place', async () => {
    const path = join(folder, 'set');
    await writeFolderAtomic(path, (inner) => writeFile(join(inner, 'old'), ''));
    await expect(writeFolderAtomic(path, (inner) => rm(inner, { recursive: true }))).rejects.toThrow(
      'ENOENT',
    );
    expect(await readdir(path)).toEqual(['old']);
    expect(await readdir(folder)).toEqual(['set']);
  });

  it('half filled is gone once the program is interrupted', async () => {
    let seen: readonly string[] = [];
    await writeFolderAtomic(join(folder, 'set'), async (inner) => {
      await writeFile(join(inner, 'half'), '');
      interrupt();
      seen = await readdir(folder);
      throw new Error('stopped');
    }).catch((error: Error) => {
      expect(error.message).toBe('stopped');
    });
    expect(seen).toEqual([]);
  });
});

describe('an interruption', () => {
  it('undoes the latest first, each thing once, and passes on what was kept', () => {
    const order: number[] = [];
    onInterruption(() => {
      order.push(1);
      return 'the first is kept';
    });
    const withdraw = onInterruption(() => {
      order.push(2);
      return undefined;
    });
    onInterruption(() => {
      order.push(3);
      return undefined;
    });
    withdraw();
    expect(interrupt()).toEqual(['the first is kept']);
    expect(order).toEqual([3, 1]);
    expect(interrupt()).toEqual([]);
  });
});
