// A first descriptor as YAML with comments: what was guessed, why, and what a person must look at.

import type { WrittenNumber } from '../../prep/load/numbers.js';
import { printable } from '../../printable.js';
import type { ColumnFacts } from './column-facts.js';
import type { SniffedRole } from './column-words.js';
import type { GuessedFeature } from './guess-features.js';
import { type GuessedRoles, labelOf } from './guess-roles.js';
import { isYesOrNo, type LabelReading } from './label-reading.js';
import type { SampledTable } from './read-sample.js';
import type { TimeReading } from './read-times.js';

interface SniffedLog {
  readonly name: string;
  /** Name of the file within `directory`, and that folder as the descriptor should say it. */
  readonly file: string;
  readonly directory: string;
  readonly table: SampledTable;
  readonly roles: GuessedRoles;
  readonly features: readonly GuessedFeature[];
  /** Whether sampled rows repeat another in every column. */
  readonly repeats: boolean;
}

/** The whole file. What is not settled is a TODO that prep stops at, with the columns that may be meant. */
export function descriptorText(log: SniffedLog): string {
  const { name, file, directory, roles, repeats } = log;
  return [
    `# limaml prep ${name} --dry-run      measures the log and says what looks wrong`,
    `# limaml prep ${name}`,
    '#',
    `# A first guess from rows of all of ${oneLine(file)}.${Object.keys(roles.todos).length > 0 ? ' prep stops at what begins with TODO until a person has settled it.' : ''}`,
    '# For a log that others will see: title, licence, source: { url, note, cite }.',
    `name: ${name}`,
    `data: ${scalar(directory)}`,
    '',
    'events:',
    `  files: ${scalar(file)}`,
    ...sourceLines(log.table, roles),
    '',
    '# Features of items or members that lie in a file of their own ("on: entity" for members):',
    '# tables:',
    '#   films: { files: films.csv, key: film_id, on: item }',
    '',
    'columns:',
    ...columnLines(roles),
    '',
    ...featureLines(log.features),
    '',
    ...(repeats ? ['# Some rows repeat another exactly.', 'duplicates: drop', ''] : []),
    '# What a row that cannot be read does: stop prep, or go to rejects.csv and be counted.',
    '# onError: reject',
    '',
    ...splitLines(roles),
    '',
  ].join('\n');
}

function sourceLines({ source }: SampledTable, { entity, item }: GuessedRoles): string[] {
  const { format, delimiter, quote, encoding, skip, comment, header, columns } = source;
  const words = [...new Set([entity, item].flatMap((role) => [...(role?.missingWords.keys() ?? [])]))];
  return [
    ...(format === undefined ? [] : [`  format: ${format}`]),
    ...(delimiter === undefined ? [] : [`  delimiter: ${JSON.stringify(delimiter)}`]),
    ...(quote === undefined ? [] : [`  quote: ${quote}`]),
    ...(source.escape === undefined ? [] : [`  escape: ${JSON.stringify(source.escape)}`]),
    ...(encoding === undefined ? [] : [`  encoding: ${encoding}`]),
    ...(skip === undefined ? [] : [`  skip: ${skip} # lines before the rows`]),
    ...(comment === undefined ? [] : [`  comment: ${JSON.stringify(comment)}`]),
    ...(header === false ? ['  header: false'] : []),
    ...(columns === undefined ? [] : [`  columns: [${columns.map(scalar).join(', ')}]`]),
    ...(words.length === 0
      ? []
      : [
          `  missing: [${['', ...words].map((word) => JSON.stringify(word)).join(', ')}] # words that stand for no member or item here`,
        ]),
  ];
}

function columnLines(roles: GuessedRoles): string[] {
  const { entity, item, timestamp, label, guesses, todos } = roles;
  const line = (role: SniffedRole, value: string | undefined): string => {
    const todo = todos[role];
    if (todo !== undefined || value === undefined) return `  ${role}: ${JSON.stringify(todo ?? 'TODO')}`;
    const guess = guesses.find(({ what }) => what === role);
    return `  ${role}: ${value} # ${guess?.confidence === 'guess' ? 'a guess: ' : ''}${oneLine(guess?.reason ?? '')}`;
  };
  const clock = timestamp === undefined ? undefined : clockText(timestamp.name, timestamp.time);
  return [
    line('entity', entity && scalar(entity.name)),
    line('item', item && scalar(item.name)),
    line('timestamp', clock),
    line('label', label && labelText(label.name, label.reading)),
    ...(todos.label === undefined ? [] : readyLabels(roles.candidates)),
    ...idsLine(entity, item),
  ];
}

/** What may take the place of a label that is not settled: columns that read as yes and no. */
const readyLabels = (candidates: readonly ColumnFacts[]): string[] =>
  candidates.flatMap((column) => {
    const reading = labelOf(column);
    return reading !== undefined && isYesOrNo(reading)
      ? [`  # label: ${labelText(column.name, reading)}`]
      : [];
  });

/** Whole numbers are declared of the sides that have them: the others' IDs may be any text. */
function idsLine(entity: ColumnFacts | undefined, item: ColumnFacts | undefined): string[] {
  if (entity?.pointZero !== true && item?.pointZero !== true) return [];
  const sides = Object.entries({ entity, item }).flatMap(([side, facts]) => (facts?.whole ? [side] : []));
  const value = sides.length === 2 ? 'whole' : `{ ${sides[0]}: whole }`;
  return [`  ids: ${value} # 3.0 is 3`];
}

const oneLine = (text: string): string => printable(text.replace(/\s+/g, ' '));

function clockText(name: string, time: TimeReading): string {
  const column = `column: ${scalar(name)}`;
  return time.unit === 'format'
    ? `{ ${column}, unit: format, format: ${JSON.stringify(time.format)} }`
    : `{ ${column}, unit: ${time.unit} }`;
}

function labelText(name: string, { label }: LabelReading): string {
  const list = (texts: readonly string[]): string =>
    `[${texts.map((text) => JSON.stringify(text)).join(', ')}]`;
  const column = `column: ${scalar(name)}`;
  switch (label.kind) {
    case 'binary':
      return `{ kind: binary, ${column} }`;
    case 'values':
      return `{ kind: values, ${column}, positive: ${list(label.positive)}, negative: ${list(label.negative)} }`;
    case 'threshold':
      return `{ kind: threshold, ${column}, threshold: ${label.threshold}, range: [${label.range.join(', ')}] }`;
  }
}

function featureLines(features: readonly GuessedFeature[]): string[] {
  if (features.length === 0) return ['features: []'];
  const used = features.filter((feature) => feature.leftOut === undefined);
  const left = features.filter((feature) => feature.leftOut !== undefined);
  return [
    used.length === 0 ? 'features: []' : 'features:',
    ...used.map(
      (feature) =>
        `  - ${featureText(feature)}${feature.remark === undefined ? '' : ` # ${oneLine(feature.remark)}`}`,
    ),
    ...(left.length === 0
      ? []
      : ['  # Left out, with the reason. What is known only after an event must never be a feature.']),
    ...left.map((feature) => `  # - ${featureText(feature)} # ${oneLine(feature.leftOut ?? '')}`),
  ];
}

function featureText(feature: GuessedFeature): string {
  const { name, column, side, kind, separator, log, written, missing } = feature;
  const parts = [`name: ${scalar(name)}`, `side: ${side}`, `kind: ${kind}`];
  if (side !== 'event') parts.push('from: events');
  if (column !== name) parts.push(`column: ${scalar(column)}`);
  if (separator !== undefined && separator !== '|') parts.push(`separator: ${JSON.stringify(separator)}`);
  if (missing !== undefined)
    parts.push(`missing: [${missing.map((word) => JSON.stringify(word)).join(', ')}]`);
  if (written !== undefined) parts.push(`written: ${writtenText(written)}`);
  if (log === true) parts.push('log: true');
  return `{ ${parts.join(', ')} }`;
}

function writtenText({ decimal, thousands, currency }: WrittenNumber): string {
  const parts = [
    decimal === '.' ? [] : [`decimal: ${JSON.stringify(decimal)}`],
    thousands === undefined ? [] : [`thousands: ${JSON.stringify(thousands)}`],
    currency === undefined ? [] : [`currency: ${JSON.stringify(currency)}`],
  ];
  return `{ ${parts.flat().join(', ')} }`;
}

const splitLines = ({ todos }: GuessedRoles): string[] => [
  `# The last fifth of the time is test. Other splits: per-entity-time${todos.timestamp === undefined ? '' : ' (where there is no clock)'}, entity-holdout, given.`,
  'split: { kind: global-time, test: 0.2, valid: 0.1 }',
];

/** Plain where YAML reads it back as the same text, else quoted. */
function scalar(value: string): string {
  return /^[A-Za-z_][\w./-]*$/.test(value) && !/^(true|false|null|yes|no|on|off|y|n|none)$/i.test(value)
    ? value
    : JSON.stringify(value);
}
