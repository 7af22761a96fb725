// A first descriptor as YAML with comments: what was guessed, why, and what a person must look at.
import type { ColumnFacts } from './column-facts.js';
import type { GuessedFeature } from './guess-features.js';
import type { GuessedRoles } from './guess-roles.js';
import type { SampledTable } from './read-sample.js';

export interface SniffedLog {
  readonly name: string;
  /** Name of the file within `directory`, and that folder as the descriptor should say it. */
  readonly file: string;
  readonly directory: string;
  readonly table: SampledTable;
  readonly roles: GuessedRoles;
  readonly features: readonly GuessedFeature[];
  /** Whether sampled rows repeat in entity, item, time and label. */
  readonly repeats: boolean;
}

/** The whole file. What could not be guessed is filled with the nearest thing and marked TODO. */
export function descriptorText(log: SniffedLog): string {
  const { name, file, directory, roles, repeats } = log;
  return [
    `# limaml prep ${name} --dry-run      measures the log and says what looks wrong`,
    `# limaml prep ${name}`,
    '#',
    `# A first guess from the first rows of ${file}. Lines marked TODO need a person; the others deserve a look.`,
    `name: ${name}`,
    'licence: unknown # TODO: whose data is it, and what may be done with it?',
    'source:',
    `  note: ${scalar(`Sniffed from ${file}.`)} # TODO: where does one get it?`,
    `data: ${scalar(directory)}`,
    '',
    'events:',
    `  files: ${scalar(file)}`,
    ...dialectLines(log.table),
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
    ...(repeats ? ['# Some rows repeat another exactly.', 'duplicates: drop'] : []),
    ...splitLines(roles),
    '',
  ].join('\n');
}

function dialectLines(table: SampledTable): string[] {
  if (table.format !== 'csv') return [`  format: ${table.format}`];
  const quoted = JSON.stringify(table.delimiter);
  return [
    ...(table.delimiter === ',' ? [] : [`  delimiter: ${quoted}`]),
    ...(table.quote === 'none' ? ['  quote: none'] : []),
    ...(table.encoding === 'utf-8' ? [] : [`  encoding: ${table.encoding}`]),
    ...(table.header
      ? []
      : ['  header: false', `  columns: [${table.names.map(scalar).join(', ')}] # the file has no header`]),
  ];
}

function columnLines({ entity, item, timestamp, label, guesses }: GuessedRoles): string[] {
  const why = (what: string): string => {
    const guess = guesses.find((candidate) => candidate.what === what);
    const doubt = guess === undefined || guess.confidence === 'guess' ? 'TODO: ' : '';
    return ` # ${doubt}${guess?.reason ?? ''}`;
  };
  const clock =
    timestamp === undefined
      ? '{ sourceOrder: true }'
      : timestamp.time.unit === 'format'
        ? `{ column: ${scalar(timestamp.name)}, unit: format, format: ${scalar(timestamp.time.format)} }`
        : `{ column: ${scalar(timestamp.name)}, unit: ${timestamp.time.unit} }`;
  return [
    `  entity: ${scalar(entity?.name ?? 'TODO')}${why('entity')}`,
    `  item: ${scalar(item?.name ?? 'TODO')}${why('item')}`,
    `  timestamp: ${clock}${why('timestamp')}`,
    `  label: ${labelText(label)}${why('label')}`,
  ];
}

/** 0/1 as it is; -1/1 by value; a scale by a threshold that leaves its upper quarter as clicks. */
function labelText(label: ColumnFacts | undefined): string {
  if (label === undefined)
    return '{ kind: implicit, negatives: { perPositive: 4, by: popularity, seed: 1 } }';
  const column = `column: ${scalar(label.name)}`;
  const texts = new Set(label.values.map((value) => value.toLowerCase()));
  if ([...texts].every((value) => ['0', '1', 'true', 'false', '0.0', '1.0'].includes(value)))
    return `{ kind: binary, ${column} }`;
  if (label.min < 0) return `{ kind: values, ${column}, positive: ["1"], negative: ["-1"] }`;
  const top = label.max <= 5 ? 5 : 10;
  return `{ kind: threshold, ${column}, threshold: ${0.8 * top}, range: [${Math.min(label.min, 1)}, ${top}] }`;
}

function featureLines(features: readonly GuessedFeature[]): string[] {
  if (features.length === 0) return ['features: []'];
  const used = features.filter((feature) => feature.leftOut === undefined);
  const left = features.filter((feature) => feature.leftOut !== undefined);
  return [
    used.length === 0 ? 'features: []' : 'features:',
    ...used.map((feature) => `  - ${featureText(feature)}`),
    ...(left.length === 0
      ? []
      : ['  # Left out, with the reason. What is known only after an event must never be a feature.']),
    ...left.map((feature) => `  # - ${featureText(feature)} # ${feature.leftOut}`),
  ];
}

function featureText({ name, column, side, kind, separator, log }: GuessedFeature): string {
  const parts = [`name: ${scalar(name)}`, `side: ${side}`, `kind: ${kind}`];
  if (side !== 'event') parts.push('from: events');
  if (column !== name) parts.push(`column: ${scalar(column)}`);
  if (separator !== undefined && separator !== '|') parts.push(`separator: ${JSON.stringify(separator)}`);
  if (log === true) parts.push('log: true');
  return `{ ${parts.join(', ')} }`;
}

function splitLines({ timestamp }: GuessedRoles): string[] {
  return timestamp === undefined
    ? [
        '# Without times no leak over time can be ruled out.',
        'split: { kind: per-entity-time, test: 0.2, valid: 0.1 }',
      ]
    : [
        '# The last fifth of the time is test. Other cuts: per-entity-time, entity-holdout, given.',
        'split: { kind: global-time, test: 0.2, valid: 0.1 }',
      ];
}

/** Plain where YAML reads it back as the same text, else quoted. */
function scalar(value: string): string {
  return /^[A-Za-z_][\w./-]*$/.test(value) && !/^(true|false|null|yes|no|on|off|y|n|none)$/i.test(value)
    ? value
    : JSON.stringify(value);
}
