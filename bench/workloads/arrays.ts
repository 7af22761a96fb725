// A workload on disk: a manifest and raw little-endian arrays, read alike by our engine and by the Python peers.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type WorkloadArray = Float32Array | Int32Array;

/** An array with its shape; the last dim runs fastest. */
export interface Shaped {
  readonly shape: readonly number[];
  readonly data: WorkloadArray;
}

export interface Workload {
  /** Short name of the setting, e.g. `a1`. */
  readonly setting: string;
  /** Which computation it is: `meta-dense`, `meta-sparse`, `adapt-dense`, `adapt-sparse`, `score`, `rows-small` or `rows-large`. */
  readonly kind: string;
  /** Sizes, counts and rates, by name. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Initial weights and tables. */
  readonly arrays: Readonly<Record<string, Shaped>>;
  /** Step i runs on batch i modulo their count; of rows the one entry is an epoch. */
  readonly batches: readonly Readonly<Record<string, Shaped>>[];
}

interface ArrayEntry {
  readonly file: string;
  readonly dtype: 'float32' | 'int32';
  readonly shape: readonly number[];
}

interface Manifest {
  readonly format: 1;
  readonly setting: string;
  readonly kind: string;
  readonly numbers: Readonly<Record<string, number>>;
  readonly arrays: Readonly<Record<string, ArrayEntry>>;
  readonly batches: readonly Readonly<Record<string, ArrayEntry>>[];
}

/** Writes `manifest.json` last, so that a folder that has one is whole. */
export function writeWorkload(folder: string, workload: Workload): void {
  mkdirSync(folder, { recursive: true });
  const entriesOf = (arrays: Readonly<Record<string, Shaped>>, prefix: string): Record<string, ArrayEntry> =>
    Object.fromEntries(
      Object.entries(arrays).map(([name, { data, shape }]) => {
        const expected = shape.reduce((a, b) => a * b, 1);
        if (data.length !== expected) throw new Error(`${name}: ${data.length} values for shape [${shape}]`);
        const file = `${prefix}${name}.bin`;
        writeFileSync(join(folder, file), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
        return [name, { file, dtype: data instanceof Int32Array ? 'int32' : 'float32', shape }];
      }),
    );
  const manifest: Manifest = {
    format: 1,
    setting: workload.setting,
    kind: workload.kind,
    numbers: workload.numbers,
    arrays: entriesOf(workload.arrays, ''),
    batches: workload.batches.map((batch, index) => entriesOf(batch, `batch${index}-`)),
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest, null, 1));
}

export function readWorkload(folder: string): Workload {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  if (manifest.format !== 1) throw new Error(`${folder}: workload format ${manifest.format}, expected 1`);
  const read = (entries: Readonly<Record<string, ArrayEntry>>): Record<string, Shaped> =>
    Object.fromEntries(
      Object.entries(entries).map(([name, { file, dtype, shape }]) => {
        const bytes = new Uint8Array(readFileSync(join(folder, file)));
        const length = shape.reduce((a, b) => a * b, 1);
        if (bytes.byteLength !== length * 4)
          throw new Error(`${file}: ${bytes.byteLength} bytes for [${shape}]`);
        const data = dtype === 'int32' ? new Int32Array(bytes.buffer) : new Float32Array(bytes.buffer);
        return [name, { shape, data }];
      }),
    );
  return {
    setting: manifest.setting,
    kind: manifest.kind,
    numbers: manifest.numbers,
    arrays: read(manifest.arrays),
    batches: manifest.batches.map(read),
  };
}
