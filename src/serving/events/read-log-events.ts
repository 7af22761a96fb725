// New events in the raw log's own columns, units and label rule, read exactly as prep reads the log.
import { join } from 'node:path';
import type { BundleManifest } from '../../bundle/manifest.js';
import type { TableStore } from '../../bundle/store/table-store.js';
import { openDatabase } from '../../database/database.js';
import { UserError, UserErrors } from '../../errors.js';
import { eventFeatures } from '../../export/export-tables.js';
import type { KnownDescriptor } from '../../export/graphs/describe-graph.js';
import { readRaw } from '../../export/raw-tables.js';
import { countDrops, createTarget, loadFile } from '../../prep/load/load-file.js';
import { openRejects } from '../../prep/load/rejects.js';
import { LIST_MARK } from '../../prep/sources/nested-values.js';
import { columnKind, type RawColumn, splitValues } from '../columns/raw-column.js';
import { cellRule } from '../columns/read-cells.js';
import type { EventsFile } from './events-file.js';
import type { LogForm } from './log-form.js';

const MEMORY_MB = 512;

export interface ReadEvents {
  readonly rows: number;
  /** Rows that the descriptor leaves out of the log, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
}

/**
 * Appends the events of a file to `table`, columns as `supportColumns` has them, `place` counting rows. Throws UserErrors
 * EVENTS_BAD_VALUE for the first rows that cannot be read, UserError DATA_MISSING_COLUMN and others for the file itself.
 */
export async function readLogEvents(
  file: EventsFile,
  form: LogForm,
  workDirectory: string,
  manifest: BundleManifest,
  store: TableStore,
  table: string,
): Promise<ReadEvents> {
  const { plan, source, select } = form;
  const database = await openDatabase({
    file: join(workDirectory, 'events.duckdb'),
    spillDirectory: join(workDirectory, 'spill'),
    memoryLimitMb: MEMORY_MB,
    threads: 2,
  });
  try {
    const rejects = await openRejects(database, 'stop');
    await createTarget(database, 'loaded', plan);
    const { path, name } = file;
    await loadFile({ database, workDirectory, rejects }, { path, name, source }, plan, 'loaded');
    await rejects.stopIfAny().catch((error: unknown) => {
      throw error instanceof UserErrors ? new UserErrors(error.errors.map(ofEvents)) : error;
    });
    const descriptor = (manifest.descriptor ?? {}) as KnownDescriptor;
    const features = eventFeatures(manifest.inputs.adapt);
    // Lists of values are still one text.
    const kinds = features.map(
      (input) => [input.name, columnKind(input) === 'number' ? 'number' : 'text'] as const,
    );
    const own = { entity: 'text', item: 'text', timestamp_ms: 'number', label: 'number' } as const;
    let rows = 0;
    for await (const piece of readRaw(database, select, { ...own, ...Object.fromEntries(kinds) })) {
      const column = (name: string): RawColumn => piece.columns.get(name)!;
      const first = rows;
      store.append(table, piece.rows, [
        column('entity'),
        { kind: 'number', values: Float64Array.from({ length: piece.rows }, (_, i) => first + i) },
        column('item'),
        column('timestamp_ms'),
        column('label'),
        ...features.map((input) => {
          const values = column(input.name);
          if (columnKind(input) !== 'texts' || values.kind !== 'text') return values;
          const { separator, max } = cellRule(input, descriptor);
          const split = (text: string) =>
            text.startsWith(LIST_MARK)
              ? splitValues(text.slice(1), LIST_MARK, max)
              : splitValues(text, separator, max);
          return { kind: 'texts', values: values.values.map(split) } as const;
        }),
      ]);
      rows += piece.rows;
    }
    return { rows, dropped: await countDrops(database, 'loaded', plan.drops) };
  } finally {
    database.close();
  }
}

function ofEvents({ where, what }: UserError): UserError {
  return new UserError({
    code: 'EVENTS_BAD_VALUE',
    ...(where === undefined ? {} : { where }),
    what,
    next: 'Mend the events. Nothing was changed.',
  });
}
