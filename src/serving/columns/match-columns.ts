// Which column of the rows to score gives which raw value.

import { OWN_TIME } from '../../bundle/format/files.js';
import type { BundleManifest } from '../../bundle/format/manifest-schema.js';
import type { RawInput } from '../../bundle/format/raw-input.js';
import { columnKind } from '../../bundle/format/raw-tensor.js';
import { UserError, UserErrors } from '../../errors.js';
import { nearestName } from '../../nearest-name.js';

import { type RowReader, rowReader, type WantedValue } from '../../prep/read-rows.js';
import { INPUT_NAME } from './csv-rows.js';

/** Name of the column that scoring adds. */
const PROBABILITY = 'probability';

export interface MatchedColumns {
  readonly header: readonly string[];
  /** Reads what the rows bring. */
  readonly reader: RowReader;
  /** Features that the rows lack and the bundle's tables give. */
  readonly lookedUp: readonly RawInput[];
  /** History features that the rows lack and the bundle's past gives, as of the time of each row. */
  readonly computed: readonly string[];
}

/**
 * Matches a header with the bundle's inputs, by their names in manifest.json or those that their columns had in the log; parts of the
 * clock are made from the time. With `lookup`, features of entities and items may be left out, and history features where IDs and time are there. Other columns are the caller's own. Throws
 * UserErrors SCORE_COLUMN_MISSING, SCORE_COLUMN_TWICE and SCORE_COLUMN_TAKEN, all that there are.
 */
export function matchColumns(
  header: readonly string[],
  manifest: BundleManifest,
  lookup: boolean,
): MatchedColumns {
  const { inputs, adapt, descriptor } = manifest;
  // What the prior of an entity without a stored embedding depends on is read too; the rows may lack it.
  const all = [...inputs.score, ...inputs.adapt.filter(({ side }) => side === 'entity')];
  const first = rowReader(descriptor, wantedOf(all), header);
  const computed = (lookup ? (manifest.history?.features ?? []) : []).filter(
    ({ name }) => inputs.score.some((input) => input.name === name) && !first.found.has(name),
  );
  // The time is read only where it is needed: elsewhere a bad one is the caller's own.
  const reader = computed.length === 0 ? first : rowReader(descriptor, [...wantedOf(all), TIME], header);
  const { found } = reader;
  const lookedUp: RawInput[] = [];
  const missing = new Set<string>();
  const require = (name: string): void => {
    if (!found.has(name)) missing.add(name);
  };
  if (adapt !== null) require('entity');
  for (const input of inputs.score) {
    if (found.has(input.name) || computed.some(({ name }) => name === input.name)) continue;
    if (lookup && input.kind !== 'id' && input.side !== 'event') {
      lookedUp.push(input);
      require(input.side);
    } else missing.add(input.name);
  }
  for (const { of } of computed) {
    require(of);
    require(OWN_TIME);
  }
  const used = new Set(reader.used);
  const faults = [
    ...[...missing].map((name) => columnMissing(name, header, used, manifest)),
    ...header.filter((name, place) => used.has(name) && header.indexOf(name) !== place).map(columnTwice),
    ...(header.includes(PROBABILITY) ? [columnTaken()] : []),
  ];
  if (faults.length > 0) throw new UserErrors(faults);
  return { header, reader, lookedUp, computed: computed.map(({ name }) => name) };
}

const TIME: WantedValue = { name: OWN_TIME, kind: 'number' };

/** The IDs, and each feature once. */
function wantedOf(inputs: readonly RawInput[]): readonly WantedValue[] {
  const wanted = new Map<string, WantedValue>();
  for (const name of ['entity', 'item']) wanted.set(name, { name, kind: 'text' });
  for (const input of inputs) {
    const { name, spec } = input;
    const transform = spec?.kind === 'numeric' ? spec.transform : undefined;
    wanted.set(name, { name, kind: columnKind(input), transform });
  }
  return [...wanted.values()];
}

function columnMissing(
  name: string,
  header: readonly string[],
  used: ReadonlySet<string>,
  { inputs, score, history, descriptor }: BundleManifest,
): UserError {
  const others = header.filter((column) => !used.has(column));
  const close = nearestName(name, others);
  const side = inputs.score.find((input) => input.name === name)?.side;
  const meaning = score.inputs.find((input) => input.name === name)?.meaning;
  const timed = descriptor.columns?.timestamp;
  const own = timed !== undefined && 'column' in timed ? ` or the log's own "${timed.column}"` : '';
  const isKept = history?.features.some((feature) => feature.name === name) === true;
  const stored = side !== undefined && side !== 'event' && name !== side;
  return new UserError({
    code: 'SCORE_COLUMN_MISSING',
    where: `${INPUT_NAME}:1`,
    what: `There is no column "${name}". ${close === undefined ? `Columns: ${header.join(', ')}.` : `Closest: "${close}".`}`,
    next: `${meaning === undefined ? '' : `It is: ${meaning} `}${
      stored
        ? `Add it, or take what the bundle knows of each ${side} with --lookup.`
        : isKept
          ? `Add it, or have it computed from the bundle's history with --lookup, as of the rows' time ("${OWN_TIME}"${own}).`
          : name === OWN_TIME
            ? `History is computed as of the time of each row: add it${own === '' ? '' : `,${own}`}.`
            : 'The first line must name the columns as manifest.json does under inputs.score, or as the log did.'
    }`,
  });
}

function columnTwice(name: string): UserError {
  return new UserError({
    code: 'SCORE_COLUMN_TWICE',
    where: `${INPUT_NAME}:1`,
    what: `There are two columns "${name}".`,
    next: 'Rename or remove one.',
  });
}

function columnTaken(): UserError {
  return new UserError({
    code: 'SCORE_COLUMN_TAKEN',
    where: `${INPUT_NAME}:1`,
    what: `There is a column "${PROBABILITY}" already, which is what scoring adds.`,
    next: 'Rename or remove it.',
  });
}
