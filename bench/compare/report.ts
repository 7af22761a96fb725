// What a benchmark prints: one table a setting, then who leads by how much.
import { type EngineResult, type SettingResult, TOLERANCE } from './measure-setting.js';
import { pairedRatio } from './rounds.js';
import { textTable } from './text-table.js';

const count = (value: number): string => Math.round(value).toLocaleString('en');

/** The fastest engine of a family, by median. */
function fastest(engines: readonly EngineResult[], family: EngineResult['family']): EngineResult | undefined {
  return engines
    .filter((engine) => engine.family === family)
    .reduce<EngineResult | undefined>(
      (best, engine) => (best === undefined || engine.medianMs < best.medianMs ? engine : best),
      undefined,
    );
}

const threads = (n: number): string => `${n} ${n === 1 ? 'thread' : 'threads'}`;

/** Our fastest setting beside every other family's, as sentences. */
export function ratios(result: SettingResult): string[] {
  const ours = fastest(result.engines, 'limaml');
  if (ours === undefined) return [];
  return (['pytorch', 'jax'] as const).flatMap((family) => {
    const theirs = fastest(result.engines, family);
    if (theirs === undefined) return [];
    const { median, firstQuartile, thirdQuartile } = pairedRatio(theirs, ours);
    const cpu = (theirs.cpuMs / ours.cpuMs).toFixed(2);
    return [
      `${ours.engine} on ${threads(ours.threads)} is ${median.toFixed(2)} times as fast as ${theirs.engine} on ` +
        `${threads(theirs.threads)} (quartiles ${firstQuartile.toFixed(2)}–${thirdQuartile.toFixed(2)} of ` +
        `${theirs.roundMs.length} paired rounds; CPU time ${cpu} to 1).`,
    ];
  });
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Of a setting in parts: seconds of all of them. */
const IN_ALL = ['s in all', 'CPU s in all'] as const;

const inAll = ({ roundMs, roundCpuMs }: EngineResult): string[] =>
  [roundMs, roundCpuMs].map((ms) => (sum(ms) / 1000).toFixed(1));

export function settingReport(result: SettingResult): string {
  const lead = fastest(result.engines, 'limaml');
  const rows = [...result.engines]
    .sort((a, b) => a.medianMs - b.medianMs)
    .map((e) => [
      e.engine,
      String(e.threads),
      e.medianMs.toFixed(2),
      `${e.firstQuartileMs.toFixed(2)}–${e.thirdQuartileMs.toFixed(2)}`,
      lead === undefined ? '' : `×${pairedRatio(e, lead).median.toFixed(2)}`,
      e.cpuMs.toFixed(2),
      count(e.perSecond),
      e.peakGflops.toFixed(0),
      `${(100 * e.peakShare).toFixed(0)}%`,
      e.peakRssMb.toFixed(0),
      e.others === null ? '' : e.others.toFixed(1),
      ...(result.parts === undefined ? [] : inAll(e)),
    ]);
  const header = [
    'engine',
    'threads',
    'ms',
    'quartiles',
    'time',
    'CPU ms',
    `${result.unit}/s`,
    'peak GFLOP/s',
    'of peak',
    'RSS MB',
    'other load',
    ...(result.parts === undefined ? [] : IN_ALL),
  ];
  const compared =
    result.engines.length === 1
      ? 'one engine ran: nothing to compare its numbers with'
      : `${result.checks.length} ${result.checkName} agree to ${TOLERANCE} ` +
        `(largest difference ${result.largestDifference.toExponential(1)}${result.parted === 0 ? '' : `; ${result.parted} of them part by more`})`;
  return [
    `${result.setting}: ${result.title} (${result.gflop.toFixed(2)} GFLOP in matrix products)`,
    ...(result.engines.length === 0 ? ['  no engine ran'] : [`  ${compared}`, textTable(header, rows)]),
    ...ratios(result),
    ...result.skipped.map(({ engine, reason }) => `skipped ${engine}: ${reason}`),
  ].join('\n');
}
