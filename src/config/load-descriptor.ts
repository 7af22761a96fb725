// A data set descriptor with a recipe's `prep` and the `--set` flags laid over it.

import { UserErrors } from '../errors.js';
import { type DatasetDescriptor, descriptorSchema } from '../prep/descriptor/descriptor.js';
import { unsettledRoles } from '../prep/descriptor/unsettled.js';
import { checkTree, faultsToErrors } from './faults.js';
import { findDescriptor } from './find-files.js';
import { type Layered, layer, type Origin, type Override } from './layers.js';
import { valuesOf } from './leaves.js';
import { parseOverrides } from './overrides.js';
import { type Path, readYaml } from './read-yaml.js';

interface DescriptorRequest {
  /** Name or path. */
  readonly dataset: string;
  readonly cwd: string;
  /** Folder that a relative path is first tried from: the recipe's. */
  readonly from?: string;
  /** The recipe's `prep`, with the origin of each of its values. */
  readonly prep?: { readonly tree: unknown; readonly originOf: (path: Path) => Origin };
  /** Texts of `--set`. */
  readonly set?: readonly string[];
}

interface LoadedDescriptor {
  readonly descriptor: DatasetDescriptor;
  readonly layered: Layered;
}

/** Finds, reads and checks a descriptor. Throws DATASET_MISSING or every fault of the file at once. */
export async function loadDescriptor(request: DescriptorRequest): Promise<LoadedDescriptor> {
  const found = findDescriptor(request.dataset, request.cwd, request.from);
  const file = await readYaml(found.path, found.shownAs);
  // One override a leaf, so that mappings are merged key by key; lists are replaced whole.
  const prep = valuesOf(request.prep?.tree).map(
    ({ path, value }): Override => ({ path, value, flag: request.prep?.originOf(path) ?? 'default' }),
  );
  const layered = layer(file, [...prep, ...parseOverrides(request.set ?? [])]);
  const open = unsettledRoles(layered.value).map(({ path, question }) => ({
    code: 'DATASET_TODO',
    path,
    what: `This is not settled${question === '' ? '' : `: ${question}`}`,
    next: 'Only a person can say. Write it in place of the TODO.',
  }));
  if (open.length > 0) throw new UserErrors(faultsToErrors(open, layered));
  const checked = checkTree(descriptorSchema, layered.value, [], `data set ${request.dataset}`);
  if (checked.faults !== undefined) throw new UserErrors(faultsToErrors(checked.faults, layered));
  return { descriptor: checked.value, layered };
}
