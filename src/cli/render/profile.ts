// A profile as text for a terminal; no colours, no tables of a library, so that anything may show it.

import type { ColumnProfile, DatasetProfile, HistoryBar } from '../../onboard/profile/dataset-profile.js';
import { shownNested } from '../../prep/sources/nested-values.js';
import { nextCommand } from '../terminal/next-command.js';

/** Several lines, without a newline at the end; `next` are the words of the command that comes after it. */
export function renderProfile(profile: DatasetProfile, next?: readonly string[]): string {
  return [
    ...facts(profile),
    '',
    'events per entity',
    ...histogram(profile.historyLengths.bars),
    '',
    ...columnLines(profile.columns),
    ...(profile.tables.length === 0 ? [] : ['', ...tableLines(profile)]),
    ...(profile.rejects.length === 0
      ? []
      : ['', 'first bad rows', ...profile.rejects.map((line) => `  ${line}`)]),
    '',
    ...suggestionLines(profile),
    ...(next === undefined ? [] : ['', ...nextLines(profile, next)]),
  ].join('\n');
}

/** Rows that cannot be read need no edit: they can be left out, where others remain. */
function nextLines({ rows, suggestions }: DatasetProfile, next: readonly string[]): readonly string[] {
  const warnings = suggestions.filter(({ level }) => level === 'warning');
  const onlyRows = rows > 0 && warnings.length > 0 && warnings.every(({ code }) => code === 'BAD_ROWS');
  if (onlyRows && !next.includes('--on-error'))
    return [
      nextCommand('Without those rows', ...next, '--on-error', 'reject'),
      nextCommand('With them, once they are correct', ...next),
    ];
  const rest = warnings.filter(({ code }) => code !== 'BAD_ROWS' || rows === 0 || !next.includes('reject'));
  return [nextCommand(rest.length > 0 ? 'Correct the descriptor, then' : 'Next', ...next)];
}

function facts(profile: DatasetProfile): string[] {
  const { dataset, layout, rows, entities, items, time, labelRate, dropped, duplicates, historyLengths } =
    profile;
  const lost = Object.entries(dropped).map(([reason, n]) => `${count(n)} ${reason}`);
  const none = rows === 0 ? '–' : undefined;
  const clock =
    time === null
      ? (none ?? 'none: the order of rows')
      : `${minute(time.from)} to ${minute(time.to)} UTC, ${time.days.toFixed(1)} days, ${count(time.distinct)} different`;
  const pairs: [string, string][] = [
    ['data set', layout === null ? dataset : `${dataset}, layout ${layout}`],
    ['files', profile.files.join(', ')],
    ['events', `${count(rows)} of ${count(entities)} entities with ${count(items)} items`],
    ['left out', lost.length === 0 ? 'none' : lost.join(', ')],
    ['duplicates', count(duplicates)],
    ['times', clock],
    ['label rate', labelRate === null ? (none ?? 'positives only') : labelRate.toFixed(4)],
    [
      'histories',
      `median ${count(historyLengths.median)}, mean ${historyLengths.mean.toFixed(1)}, longest ${count(historyLengths.max)}`,
    ],
  ];
  return pairs.map(([name, value]) => `${name.padEnd(10)}  ${value}`);
}

function histogram(bars: readonly HistoryBar[]): string[] {
  const entities = bars.reduce((sum, bar) => sum + bar.entities, 0);
  const most = Math.max(1, ...bars.map((bar) => bar.entities));
  return bars.map((bar) => {
    const range =
      bar.to === null
        ? `${count(bar.from)}+`
        : bar.from === bar.to
          ? count(bar.from)
          : `${count(bar.from)}–${count(bar.to)}`;
    const share = entities === 0 ? 0 : (100 * bar.entities) / entities;
    return `  ${range.padStart(9)}  ${barLine(bar.entities / most, 40)}  ${count(bar.entities).padStart(9)}  ${share.toFixed(1).padStart(5)} %`;
  });
}

function columnLines(columns: readonly ColumnProfile[]): string[] {
  const header = ['column', 'role', 'missing', 'distinct', 'AUC alone', 'values'];
  const rows = columns.map((column) => [
    `${column.source}.${column.name}`,
    column.features.length > 0 ? `feature ${column.features.join(', ')}` : column.roles.join(', '),
    column.present + column.missing === 0
      ? '–'
      : `${((100 * column.missing) / (column.present + column.missing)).toFixed(1)} %`,
    count(column.distinct),
    column.auc === null ? '–' : column.auc.toFixed(3),
    range(column),
  ]);
  const widths = header.map((_, at) =>
    Math.min(44, Math.max(...[header, ...rows].map((row) => row[at]!.length))),
  );
  return [header, ...rows].map((row) =>
    row
      .map((cell, at) => {
        const shown = at < 5 ? clipped(cell, widths[at]!) : clipped(cell, 60);
        return at >= 2 && at <= 4
          ? shown.padStart(widths[at]!)
          : at === 5
            ? shown
            : shown.padEnd(widths[at]!);
      })
      .join('  ')
      .trimEnd(),
  );
}

function range(column: ColumnProfile): string {
  if (column.distinct > 3 && column.min !== null && column.median !== null && column.max !== null)
    return `${short(column.min)} … ${short(column.median)} … ${short(column.max)}`;
  const values = column.frequent.map((value) => clipped(shownNested(value).replace(/\s+/g, ' '), 18));
  return `${values.join(', ')}${column.distinct > values.length ? ', …' : ''}`;
}

function tableLines({ tables, rows }: DatasetProfile): string[] {
  return tables.map(
    (table) =>
      `table ${table.name} on ${table.on}: ${count(table.rows)} rows, ${count(table.repeatedKeys)} repeated keys, ${count(table.unmatchedEvents)} of ${count(rows)} events without a row`,
  );
}

function suggestionLines({ suggestions }: DatasetProfile): string[] {
  if (suggestions.length === 0) return ['nothing looks wrong'];
  return suggestions.map(
    ({ level, code, where, text }) => `${level.padEnd(7)}  ${code}  ${where}\n         ${text}`,
  );
}

function count(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

function short(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

function clipped(value: string, width: number): string {
  return value.length > width ? `${value.slice(0, width - 1)}…` : value;
}

function minute(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/** A bar for a share from 0 to 1 of `width` characters, padded to that width; anything above 0 shows at least a sliver. */
export function barLine(share: number, width: number): string {
  const eighths = share <= 0 ? 0 : Math.max(1, Math.round(Math.min(1, share) * width * 8));
  return `${'█'.repeat(Math.floor(eighths / 8))}${EIGHTHS[eighths % 8]}`.padEnd(width);
}
