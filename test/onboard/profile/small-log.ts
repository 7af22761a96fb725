// Profiles of small logs written for one test.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatasetProfile } from '../../../src/onboard/profile/dataset-profile.js';
import { profileDataset } from '../../../src/onboard/profile/profile-dataset.js';
import { descriptorSchema } from '../../../src/prep/descriptor/descriptor.js';
import type { RawDescriptor } from '../../prep/prep-harness.js';

/** Columns who, what, at (seconds) and hit (0/1) in log.csv. */
export const base = {
  name: 'small',
  licence: 'made up for this test',
  source: { note: 'nowhere' },
  events: { files: 'log.csv' },
  columns: {
    entity: 'who',
    item: 'what',
    timestamp: { column: 'at', unit: 's' },
    label: { kind: 'binary', column: 'hit' },
  },
} satisfies RawDescriptor;

/** Writes the files and profiles them by `base` with changes; they go when all tests have ended. */
export async function profile(
  files: Readonly<Record<string, string>>,
  changes: Partial<RawDescriptor> = {},
): Promise<DatasetProfile> {
  const directory = await mkdtemp(join(tmpdir(), 'limaml-profile-test-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const descriptor = descriptorSchema.parse({ ...base, ...changes });
  return profileDataset({ descriptor, dataDirectory: directory, threads: 1, memoryLimitMb: 128 });
}

/** Levels and codes of what was said. */
export const codes = (found: DatasetProfile): string[] =>
  found.suggestions.map(({ level, code }) => `${level} ${code}`);
