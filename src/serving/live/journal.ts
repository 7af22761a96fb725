// Events that were taken in, as CSV that `limaml refresh` reads.
import { type FileHandle, open } from 'node:fs/promises';
import { EVENT_COLUMNS } from '../../bundle/format/files.js';
import type { BundleManifest } from '../../bundle/format/manifest-schema.js';
import { eventFeatures } from '../../bundle/format/raw-input.js';
import type { RawColumn, RawPiece } from '../../prepared/raw-column.js';
import { csvLine } from '../scored-text.js';

export interface Journal {
  /** Resolves when the events are on the disk. */
  add(events: RawPiece): Promise<void>;
  close(): Promise<void>;
}

/** Appends to `path`; a new file gets a header. */
export async function openJournal(path: string, { inputs }: BundleManifest): Promise<Journal> {
  const features = eventFeatures(inputs.adapt);
  const names = [...EVENT_COLUMNS, ...features.map(({ name }) => name)];
  const separators = new Map(
    features.map(({ name, spec }) => [name, spec?.kind === 'multi' ? spec.separator : '|'] as const),
  );
  const file: FileHandle = await open(path, 'a');
  if ((await file.stat()).size === 0) await file.appendFile(`${csvLine(names)}\n`);
  return {
    async add({ rows, columns }) {
      const lines = Array.from({ length: rows }, (_, row) =>
        csvLine(names.map((name) => cellOf(columns.get(name)!, row, separators.get(name) ?? ''))),
      );
      await file.appendFile(`${lines.join('\n')}\n`);
      await file.datasync();
    },
    close: () => file.close(),
  };
}

function cellOf(column: RawColumn, row: number, separator: string): string {
  if (column.kind === 'texts') return column.values[row]!.join(separator);
  const value = column.values[row]!;
  return Number.isNaN(value) ? '' : String(value);
}
