// TensorFlow.js over the TensorFlow C library: an optional package whose compiled part npm alone does not bring.
import { createRequire } from 'node:module';
import util from 'node:util';
import { UserError } from '../errors.js';
import type { Executor } from './executor.js';
import { type TfLibrary, tfjsExecutor } from './tfjs.js';

const PACKAGE = '@tensorflow/tfjs-node';

/**
 * The executor `tfjs-node`. Throws UserError BACKEND_ABSENT where the package is not installed, or its compiled
 * addon is missing or does not load. `load` is how the package is required; tests give their own.
 */
export async function loadTfjsNode(
  load: (name: string) => unknown = createRequire(import.meta.url),
): Promise<Executor> {
  restoreRemovedUtilities();
  let library: TfLibrary & { readonly version: Readonly<Record<string, string>> };
  try {
    library = load(PACKAGE) as typeof library;
  } catch (error) {
    throw reasonOf(error);
  }
  return tfjsExecutor('tfjs-node', library.version['tfjs-node']!, library, 'tensorflow');
}

/**
 * tfjs-node 4.22, its latest release, calls `isNullOrUndefined`, which Node 23 removed from its `util` module, and
 * `isArray`, which Node 22 and later warn of. It looks them up there at each call, so putting them back is enough.
 */
export function restoreRemovedUtilities(target: object = util): void {
  const expected = {
    isNullOrUndefined: (x: unknown): boolean => x === null || x === undefined,
    isArray: Array.isArray,
  };
  for (const [name, value] of Object.entries(expected))
    if (!(name in target) || name === 'isArray')
      Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: true });
}

function reasonOf(error: unknown): UserError {
  const message = error instanceof Error ? error.message.split('\n')[0]! : String(error);
  const absent =
    error instanceof Error &&
    'code' in error &&
    error.code === 'MODULE_NOT_FOUND' &&
    message.includes(PACKAGE);
  return new UserError(
    {
      code: 'BACKEND_ABSENT',
      where: '--backend tfjs-node',
      what: absent
        ? `The optional package ${PACKAGE} is not installed.`
        : `The package ${PACKAGE} is installed, but its compiled addon does not load: ${message}`,
      next: 'docs/backends.md says how to build it. Or use --backend tfjs, or the default onnxruntime.',
    },
    { cause: error },
  );
}
