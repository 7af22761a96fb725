// Flags that several commands share, so that one thing has one name and one sentence everywhere.
import type { Override } from '../../config/layers.js';
import { BACKEND_NAMES } from '../../runtime/backends.js';
import { DEVICES } from '../../runtime/executor.js';
import type { FlagSpec } from './command.js';

/** Flags that every command has. */
export const COMMON_FLAGS: Readonly<Record<string, FlagSpec>> = {
  json: { kind: 'switch', summary: 'print the result as JSON on standard output' },
  quiet: { kind: 'switch', summary: 'no progress on standard error' },
  debug: { kind: 'switch', summary: 'print the stack of an error' },
};

export const dataFlag = {
  kind: 'text',
  value: 'dir',
  summary: 'folder of the raw files, or one above it (else LIMAML_DATA, else here)',
} as const;

export const preparedFlag = {
  kind: 'text',
  value: 'dir',
  summary: 'folder of prepared data sets (default: prepared)',
} as const;

export const onErrorFlag = {
  kind: 'choice',
  value: 'what',
  choices: ['stop', 'reject'],
  summary: 'rows that cannot be read: stop the run, or go to rejects.csv',
} as const;

export const bundleFlag = {
  kind: 'text',
  value: 'dir',
  summary: 'folder that limaml export wrote',
  completes: 'file',
} as const;

export const setFlag = { kind: 'list', value: 'key=value', summary: 'override a key' } as const;

export const modelFlag = {
  kind: 'text',
  value: 'name',
  summary: 'take this model, with its options under "baselines"',
  completes: 'model',
} as const;

export const seedFlag = {
  kind: 'integer',
  value: 'n',
  minimum: 0,
  summary: 'seed of every random stream',
} as const;

/** Where the numbers are computed: shorthands of `--set execution.…`. */
export const engineFlags = {
  backend: {
    kind: 'choice',
    value: 'name',
    choices: BACKEND_NAMES,
    summary: 'engine that runs the graphs',
  },
  device: { kind: 'choice', value: 'name', choices: DEVICES, summary: 'device it runs on' },
  workers: { kind: 'integer', value: 'n', minimum: 0, summary: 'worker threads; 0 runs in the main one' },
} as const;

/** The engine flags that were typed, as overrides of the recipe. */
export function engineOverrides(
  values: Readonly<Record<keyof typeof engineFlags, string | number | undefined>>,
): readonly Override[] {
  return (['backend', 'device', 'workers'] as const).flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [{ path: ['execution', name], value, flag: `--${name} ${value}` }];
  });
}
