// Raw files of generated data, made in the work folder and gone with it.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '../../progress.js';
import { type Generator, syntheticGenerator } from '../../synthetic/generator.js';
import type { ResolvedDescriptor } from '../descriptor/resolve.js';

/** By the name in `generated.by`. */
export const generators: Readonly<Record<string, Generator>> = { synthetic: syntheticGenerator };

/** Where raw files are, or what makes them. */
interface RawSource {
  readonly generator: Generator | undefined;
  readonly descriptor: Pick<ResolvedDescriptor, 'generated'>;
  readonly dataDirectory: string;
}

/** The folder that holds the raw files: the data directory, or a new one that a generator has just filled. */
export async function generateRaw(
  sources: RawSource,
  workDirectory: string,
  progress: Progress,
): Promise<string> {
  const { generator, descriptor, dataDirectory } = sources;
  if (generator === undefined || descriptor.generated === undefined) return dataDirectory;
  const { by, seed, options } = descriptor.generated;
  progress({ kind: 'stage', name: 'generate', detail: by });
  const directory = join(workDirectory, 'raw');
  await mkdir(directory);
  await generator.generate({ directory, seed, options, progress });
  return directory;
}
