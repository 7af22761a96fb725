// A bundle to serve: 2,000 members with a hundred support rows each, made up. Its weights are as drawn: speed does not ask for more.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { descriptorSchema } from '../../src/prep/descriptor/descriptor.js';
import { prepare } from '../../src/prep/prepare.js';
import { openPrepared } from '../../src/prepared/open.js';
import { exportUntrained } from './export-untrained.js';

export interface MadeUpBundle {
  readonly folder: string;
  readonly members: readonly string[];
  readonly items: readonly string[];
  /** Values of event features of every row. */
  readonly event: Readonly<Record<string, string | number>>;
  /** After all events. */
  readonly laterMs: number;
}

const SUPPORT_ROWS = 100;

export async function madeUpBundle(folder: string, root: string): Promise<MadeUpBundle> {
  const described = parse(readFileSync(join(root, 'datasets', 'synthetic.yaml'), 'utf8')) as {
    readonly generated: object;
  };
  const options = { members: 2000, items: 1000, events: 400_000 };
  const { path } = await prepare({
    descriptor: descriptorSchema.parse({ ...described, generated: { ...described.generated, options } }),
    dataDirectory: folder,
    outDirectory: join(folder, 'prepared'),
    threads: 2,
  });
  const dataset = await openPrepared(path);
  const out = join(folder, 'bundle');
  const { data } = await exportUntrained(dataset, { episodes: { maxSupport: SUPPORT_ROWS } }, out);
  return {
    folder: out,
    members: (await dataset.vocabulary('entity')).slice(1, 1001),
    items: (await dataset.vocabulary('item')).slice(1),
    event: { surface: 'mail', position: 3 },
    laterMs: data.cutoffMs! + 1000,
  };
}
