// The descriptor that `limaml init` writes: it preps as it stands, knows whose a column is, and overwrites nothing.
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initDescriptor } from '../../../src/onboard/sniff/init-descriptor.js';
import { prepare } from '../../../src/prep/prepare.js';
import { writeSynthetic } from '../../../src/synthetic/write.js';
import { generateSynthetic } from '../../synthetic/whole-log.js';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'limaml-sniff-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('what is written', () => {
  it('preps as it stands', async () => {
    const cwd = join(root, 'project');
    await mkdir(join(cwd, 'logs'), { recursive: true });
    const { world } = generateSynthetic({ members: 30, items: 20, events: 400 }, 2);
    const [, , events] = await writeSynthetic(join(cwd, 'logs'), world);
    await copyFile(events!, join(cwd, 'logs', 'My Clicks (2).csv'));
    const result = await initDescriptor({ file: 'logs/My Clicks (2).csv', directory: 'datasets', cwd });
    expect(result.path).toBe(join(cwd, 'datasets', 'my-clicks-2.yaml'));
    expect(result.descriptor).toMatchObject({
      name: 'my-clicks-2',
      data: 'logs',
      events: { files: 'My Clicks (2).csv' },
    });
    const prepared = await prepare({
      descriptor: result.descriptor,
      dataDirectory: join(cwd, 'logs'),
      outDirectory: join(cwd, 'prepared'),
      threads: 1,
    });
    expect(prepared.rows).toBe(400);
    const text = await readFile(result.path, 'utf8');
    expect(text).toContain('# limaml prep my-clicks-2 --dry-run');
    expect(text).not.toContain('TODO');
    // The place is a feature of the event; the truth, a probability, is one only as far as the sniffer can tell.
    expect(text).toContain('- { name: surface, side: event, kind: categorical }');
  });

  it('finds the owner of a column by its values', async () => {
    const rows = Array.from({ length: 60 }, (_, row) => {
      const [user, item] = [row % 6, row % 7];
      return `u${user},i${item},2024-01-${String(1 + Math.floor(row / 3)).padStart(2, '0')}T10:00:00Z,${row % 2},${user % 3},${item % 4},${row % 5},a|b${row % 5},${row * 1.5}`;
    });
    const file = join(root, 'owners.csv');
    await writeFile(
      file,
      `user_id,item_id,when_time,click,plan,shelf,slot,tags,weight\n${rows.join('\n')}\n`,
    );
    const { descriptor } = await initDescriptor({ file, directory: root, cwd: root });
    expect(descriptor.columns?.timestamp).toEqual({ column: 'when_time', unit: 'iso' });
    expect(descriptor.features.map((feature) => [feature.name, feature.side, feature.kind])).toEqual([
      ['plan', 'entity', 'categorical'],
      ['shelf', 'item', 'categorical'],
      ['slot', 'event', 'categorical'],
      ['tags', 'event', 'multi'],
      ['weight', 'event', 'numeric'],
    ]);
  });

  it('refuses to overwrite', async () => {
    const file = join(root, 'twice.csv');
    await writeFile(file, 'user,item,time,click\na,b,1700000000,1\na,c,1700000001,0\n');
    const first = await initDescriptor({ file, directory: root, cwd: root });
    await writeFile(first.path, 'mine');
    const again = initDescriptor({ file, directory: root, cwd: root });
    await expect(again).rejects.toMatchObject({ code: 'DATASET_EXISTS' });
    expect(await readFile(first.path, 'utf8')).toBe('mine');
    const named = await initDescriptor({ file, directory: root, cwd: root, name: 'thrice' });
    expect(named.path).toBe(join(root, 'thrice.yaml'));
  });
});
