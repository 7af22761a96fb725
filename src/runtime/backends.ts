// Every backend there is. A new one is one new file that implements `Executor` and one line here.
import { DEVICES, type Device, type Executor } from './executor.js';

interface BackendEntry {
  /** Loads the executor, and only that one. */
  load(): Promise<Executor>;
  /** What it can run on. */
  readonly devices: readonly Device[];
  /** Whether worker threads can open sessions of their own from a program's bytes. */
  readonly inWorkers: boolean;
  /** How bad it is where it does not run: training needs the default one; the others are alternatives and checks. */
  readonly ifAbsent: 'failed' | 'warning' | 'note';
}

const ENTRIES = {
  onnxruntime: {
    load: async () => (await import('./onnxruntime.js')).onnxruntime,
    devices: DEVICES,
    inWorkers: true,
    ifAbsent: 'failed',
  },
  tfjs: {
    load: async () => (await import('./tfjs.js')).tfjs,
    devices: ['cpu'],
    inWorkers: false,
    ifAbsent: 'warning',
  },
  'tfjs-node': {
    load: async () => (await import('./tfjs-node.js')).loadTfjsNode(),
    devices: ['cpu'],
    inWorkers: false,
    ifAbsent: 'note',
  },
} as const satisfies Readonly<Record<string, BackendEntry>>;

/** The name that a recipe and `--backend` give it. */
export type Backend = keyof typeof ENTRIES;

export const BACKENDS: Readonly<Record<Backend, BackendEntry>> = ENTRIES;

export const BACKEND_NAMES = Object.keys(ENTRIES) as readonly Backend[];

/** Loads an executor. Throws UserError BACKEND_ABSENT when `tfjs-node` is not to be had. */
export function loadExecutor(backend: Backend): Promise<Executor> {
  return BACKENDS[backend].load();
}
