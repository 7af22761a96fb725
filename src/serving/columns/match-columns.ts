// Which column of the rows to score gives which raw value.

import type { BundleManifest } from '../../bundle/format/manifest-schema.js';
import type { RawInput } from '../../bundle/format/raw-input.js';
import { UserError, UserErrors } from '../../errors.js';
import { nearestName } from '../../nearest-name.js';
import { type ClockFeature, clockFeature } from './clock-features.js';
import { INPUT_NAME } from './csv-rows.js';

/** Name of the column that scoring adds. */
const PROBABILITY = 'probability';

export interface MatchedColumns {
  readonly header: readonly string[];
  /** Place in the header, by input name: `entity`, `item` and features. */
  readonly placeOf: ReadonlyMap<string, number>;
  /** Features that the rows lack and the bundle's tables give. */
  readonly lookedUp: readonly RawInput[];
  /** Parts of the clock that the rows lack and that their time gives. */
  readonly clock: readonly ClockFeature[];
}

/** Place of an input's column, if there is one: by the input's name, else by the one that its column had in the log. */
export function findColumn(
  name: string,
  header: readonly string[],
  manifest: Pick<BundleManifest, 'descriptor'>,
): number | undefined {
  const { columns, features } = manifest.descriptor;
  const feature = features?.find((candidate) => candidate.name === name);
  const column = feature !== undefined && 'column' in feature ? feature.column : undefined;
  const logged = name === 'entity' || name === 'item' ? columns?.[name] : column;
  const names = typeof logged === 'string' ? [name, logged] : [name];
  return names.map((known) => header.indexOf(known)).find((at) => at >= 0);
}

/**
 * Matches a header with the bundle's inputs, by their names in manifest.json or those that their columns had in the log; parts of the
 * clock are made from the time. With `lookup`, features of entities and items may be left out. Other columns are the caller's own. Throws
 * UserErrors SCORE_COLUMN_MISSING, SCORE_COLUMN_TWICE and SCORE_COLUMN_TAKEN, all that there are.
 */
export function matchColumns(
  header: readonly string[],
  manifest: BundleManifest,
  lookup: boolean,
): MatchedColumns {
  const placeOf = new Map<string, number>();
  const lookedUp: RawInput[] = [];
  const clock: ClockFeature[] = [];
  const missing = new Set<string>();
  const find = (name: string): boolean => {
    const place = findColumn(name, header, manifest);
    if (place !== undefined) placeOf.set(name, place);
    return place !== undefined;
  };
  const require = (name: string): void => {
    if (!find(name)) missing.add(name);
  };
  if (manifest.adapt !== null) require('entity');
  for (const input of manifest.inputs.score) {
    if (find(input.name)) continue;
    const made = clockFeature(input, header, manifest.descriptor);
    if (made !== undefined) clock.push(made);
    else if (lookup && input.kind !== 'id' && input.side !== 'event') {
      lookedUp.push(input);
      require(input.side);
    } else missing.add(input.name);
  }
  // What the prior of an entity without a stored embedding depends on; the rows may lack it.
  for (const { name, side } of manifest.inputs.adapt) if (side === 'entity') find(name);

  const used = new Set([...placeOf.values()].map((place) => header[place]!));
  const faults = [
    ...[...missing].map((name) => columnMissing(name, header, used, manifest)),
    ...header.filter((name, place) => used.has(name) && header.indexOf(name) !== place).map(columnTwice),
    ...(header.includes(PROBABILITY) ? [columnTaken()] : []),
  ];
  if (faults.length > 0) throw new UserErrors(faults);
  return { header, placeOf, lookedUp, clock };
}

function columnMissing(
  name: string,
  header: readonly string[],
  used: ReadonlySet<string>,
  { inputs, score }: BundleManifest,
): UserError {
  const others = header.filter((column) => !used.has(column));
  const close = nearestName(name, others);
  const side = inputs.score.find((input) => input.name === name)?.side;
  const meaning = score.inputs.find((input) => input.name === name)?.meaning;
  const stored = side !== undefined && side !== 'event' && name !== side;
  return new UserError({
    code: 'SCORE_COLUMN_MISSING',
    where: `${INPUT_NAME}:1`,
    what: `There is no column "${name}". ${close === undefined ? `Columns: ${header.join(', ')}.` : `Closest: "${close}".`}`,
    next: `${meaning === undefined ? '' : `It is: ${meaning} `}${
      stored
        ? `Add it, or take what the bundle knows of each ${side} with --lookup.`
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
