// Leftovers: only what this program left on this host, and only of the dead; an interrupted replacement is ended, not undone.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileAtomic, writeFolderAtomic } from '../src/atomic-files.js';
import { removeLeftovers, settle } from '../src/leftovers.js';
import { isAlive, ownMark } from '../src/living-process.js';
import { readTemporaryName, temporaryNames } from '../src/temporary-names.js';
import { namesOfTheDead } from './support/names-of-the-dead.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limaml-leftovers-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a process', () => {
  it('is alive by its number and its start', () => {
    const own = ownMark();
    expect(isAlive(own)).toBe(true);
    expect(isAlive({ ...own, began: '1' })).toBe(own.began === null);
    expect(isAlive({ pid: 2 ** 22 + 1, began: null })).toBe(false);
  });

  it.skipIf(!existsSync('/proc'))('is dead once killed, even while its parent has not looked', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    expect(isAlive({ pid: child.pid!, began: null })).toBe(true);
    process.kill(child.pid!, 'SIGKILL');
    // Node has no turn to ask for the child's end in between: it is a zombie now.
    for (let tries = 0; tries < 1000 && isAlive({ pid: child.pid!, began: null }); tries++)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    expect(isAlive({ pid: child.pid!, began: null })).toBe(false);
    await ended;
  });
});

describe('a temporary name', () => {
  it('says whose it is and what for; a name with a digit changed is nobody’s', () => {
    const name = temporaryNames('set')('old');
    expect(readTemporaryName(name)).toMatchObject({ base: 'set', kind: 'old', owner: ownMark() });
    for (let i = 4; i < 4 + 45; i++) {
      const digit = name[i] === '9' ? '0' : String(Number(name[i]) + 1);
      expect(readTemporaryName(name.slice(0, i) + digit + name.slice(i + 1))).toBeUndefined();
    }
    for (const other of ['backup.2023.old', 'set.1234.tmp', '.old', name.slice(4), `${name}~`])
      expect(readTemporaryName(other)).toBeUndefined();
    expect(temporaryNames('set')('tmp')).not.toBe(temporaryNames('set')('tmp'));
  });
});

describe('sweeping up', () => {
  it('takes the leftovers of the dead, and nothing of the living, the user or another host', async () => {
    const dead = namesOfTheDead(join(folder, 'set'));
    const living = temporaryNames(join(folder, 'set'));
    const kept = [
      living('tmp'),
      living('work'),
      join(folder, 'backup.2023.old'),
      join(folder, 'set.99999.tmp'),
    ];
    for (const path of [dead.tmp, dead.work, ...kept]) await mkdir(path);
    const other = namesOfTheDead(join(folder, 'other')).tmp;
    await writeFile(other, '');
    expect((await removeLeftovers(folder, 'set')).map((name) => join(folder, name)).sort()).toEqual(
      [dead.tmp, dead.work].sort(),
    );
    expect((await readdir(folder)).map((name) => join(folder, name)).sort()).toEqual([...kept, other].sort());
    await removeLeftovers(folder);
    expect((await readdir(folder)).map((name) => join(folder, name)).sort()).toEqual([...kept].sort());
  });

  it('is done by whoever writes the same file or folder next', async () => {
    const [file, set] = [namesOfTheDead(join(folder, 'a.json')), namesOfTheDead(join(folder, 'set'))];
    await writeFile(file.tmp, 'half');
    await mkdir(set.tmp);
    await writeFileAtomic(join(folder, 'a.json'), '{}');
    await writeFolderAtomic(join(folder, 'set'), async () => {});
    expect((await readdir(folder)).sort()).toEqual(['a.json', 'set']);
  });
});

describe('a replacement', () => {
  it.each([
    ['between its two renames is ended: the new one stands', true, 'new'],
    ['of which only the old one is left is undone', false, 'old'],
  ])('killed %s', async (_, withNew, expected) => {
    const path = join(folder, 'set');
    const { tmp, old } = namesOfTheDead(path);
    await mkdir(old);
    await writeFile(join(old, 'which'), 'old');
    if (withNew) {
      await mkdir(tmp);
      await writeFile(join(tmp, 'which'), 'new');
    }
    await settle(path);
    expect(await readFile(join(path, 'which'), 'utf8')).toBe(expected);
    expect(await readdir(folder)).toEqual(['set']);
  });

  it('under way is waited for', async () => {
    const path = join(folder, 'set');
    await mkdir(temporaryNames(path)('old'));
    setTimeout(() => void mkdir(path), 60);
    await settle(path);
    expect(await readdir(folder)).toContain('set');
  });

  it('by two at once leaves one of the two, whole, and nothing beside it', async () => {
    const path = join(folder, 'set');
    const write = (text: string) =>
      writeFolderAtomic(path, async (inner) => {
        for (const name of ['a', 'b']) await writeFile(join(inner, name), text);
      });
    for (let round = 0; round < 10; round++) await Promise.all(['x', 'y', 'z'].map(write));
    expect(await readdir(folder)).toEqual(['set']);
    expect(await readFile(join(path, 'a'), 'utf8')).toBe(await readFile(join(path, 'b'), 'utf8'));
  });

  it('is not waited for where nothing was begun', async () => {
    await settle(join(folder, 'nothing'));
    await settle(join(folder, 'no', 'such', 'folder'));
    expect(await readdir(folder)).toEqual([]);
  });
});
