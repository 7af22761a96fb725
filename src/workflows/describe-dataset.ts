// `limaml prep describe`: what prep would follow, for programs that prepare elsewhere.
import { loadDescriptor } from '../config/load-descriptor.js';
import { type ResolvedDescriptor, resolveDescriptor } from '../prep/descriptor/resolve.js';
import { dataDirectory } from './data-directory.js';

/** The descriptor resolved: of generated data by its first layout, else by the files that are there. Throws what `loadDescriptor` and `resolveDescriptor` throw. */
export async function describeDataset(
  dataset: string,
  request: {
    /** `--data` as typed. */
    readonly data: string | undefined;
    /** Texts of `--set`. */
    readonly set: readonly string[];
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly cwd: string;
  },
): Promise<ResolvedDescriptor> {
  const { data, set, env, cwd } = request;
  const { descriptor } = await loadDescriptor({ dataset, cwd, set });
  const directory =
    descriptor.generated === undefined ? await dataDirectory(descriptor, data, env, cwd) : undefined;
  return resolveDescriptor(descriptor, directory);
}
