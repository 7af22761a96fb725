// The small bundle under test/fixtures/export, and what Python made of it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../cli/run-limaml.js';

export const BUNDLE = join(ROOT, 'test', 'fixtures', 'export', 'bundle');

/** Written by test/fixtures/make/exported_bundle.py. */
interface PythonRecord {
  /** Hash of the bundle. */
  readonly bundle: string;
  readonly worst: { readonly vector: number; readonly prior: number; readonly probability: number };
  /** Rows with a header, some of them with an unknown entity or item. */
  readonly csv: string;
  /** By row of `csv`. */
  readonly probability: readonly number[];
  /** Meta embeddings adapted on the stored support rows, by entity. */
  readonly vectors: Readonly<Record<string, readonly number[]>>;
}

export const pythonRecord = (): PythonRecord =>
  JSON.parse(
    readFileSync(join(ROOT, 'test', 'fixtures', 'export', 'exported-bundle.json'), 'utf8'),
  ) as PythonRecord;
