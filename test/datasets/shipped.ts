// The descriptors we ship, as the tests of this folder load them.
import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadDescriptor } from '../../src/config/load-descriptor.js';
import type { DatasetDescriptor } from '../../src/prep/descriptor/descriptor.js';
import type { PrepareResult } from '../../src/prep/prepare-result.js';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

export const descriptorNames: readonly string[] = readdirSync(join(ROOT, 'datasets'))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length));

export async function load(name: string): Promise<DatasetDescriptor> {
  return (await loadDescriptor({ dataset: join(ROOT, 'datasets', `${name}.yaml`), cwd: ROOT })).descriptor;
}

/** Clicks in all splits. */
export function clicks(result: PrepareResult): number {
  return Object.values(result.splits).reduce(
    (sum, split) => sum + Math.round(split.rows * split.labelRate),
    0,
  );
}
