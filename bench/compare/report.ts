// What a benchmark prints: one table a setting, then who leads by how much.
import { type EngineResult, type SettingResult, TOLERANCE } from './measure-setting.js';
import { textTable } from './text-table.js';

const count = (value: number): string => Math.round(value).toLocaleString('en');

/** The fastest engine of a family, by median. */
export function fastest(
  engines: readonly EngineResult[],
  family: EngineResult['family'],
): EngineResult | undefined {
  return engines
    .filter((engine) => engine.family === family)
    .reduce<EngineResult | undefined>(
      (best, engine) => (best === undefined || engine.medianMs < best.medianMs ? engine : best),
      undefined,
    );
}

/** Our fastest setting beside every other family's, as sentences. */
export function ratios(result: SettingResult): string[] {
  const ours = fastest(result.engines, 'limaml');
  if (ours === undefined) return [];
  return (['pytorch', 'jax'] as const).flatMap((family) => {
    const theirs = fastest(result.engines, family);
    if (theirs === undefined) return [];
    const ratio = (theirs.medianMs / ours.medianMs).toFixed(2);
    return [
      `${ours.engine} on ${ours.threads} is ${ratio} times as fast as ${theirs.engine} on ${theirs.threads}.`,
    ];
  });
}

export function settingReport(result: SettingResult): string {
  const lead = fastest(result.engines, 'limaml');
  const rows = [...result.engines]
    .sort((a, b) => a.medianMs - b.medianMs)
    .map((e) => [
      e.engine,
      String(e.threads),
      e.medianMs.toFixed(2),
      `${e.firstQuartileMs.toFixed(2)}–${e.thirdQuartileMs.toFixed(2)}`,
      count(e.perSecond),
      lead === undefined ? '' : `×${(e.medianMs / lead.medianMs).toFixed(2)}`,
      e.cpu.toFixed(2),
      e.peakGflops.toFixed(0),
      `${((100 * result.gflop) / (e.medianMs / 1000) / e.peakGflops).toFixed(0)}%`,
      e.peakRssMb.toFixed(0),
      e.quiet ? '' : 'disturbed',
    ]);
  const header = [
    'engine',
    'threads',
    'ms',
    'quartiles',
    `${result.unit}/s`,
    'time',
    'cores',
    'peak GFLOP/s',
    'of peak',
    'RSS MB',
    '',
  ];
  return [
    `${result.setting}: ${result.title} (${result.gflop.toFixed(2)} GFLOP in matrix products)`,
    `  20 ${result.checkName} agree to ${TOLERANCE} (largest difference ${result.largestDifference.toExponential(1)})`,
    textTable(header, rows),
    ...ratios(result),
    ...result.skipped.map(({ engine, reason }) => `skipped ${engine}: ${reason}`),
  ].join('\n');
}
