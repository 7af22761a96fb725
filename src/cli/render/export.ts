// What a bundle holds, and how closely its files agree with the trained model.
import type { ExportRunResult } from '../../workflows/export.js';
import type { ExportedRunTraining } from '../../workflows/export-training.js';
import { bundleCommands } from '../terminal/next-command.js';
import { bytes, count, decimal } from '../terminal/number.js';
import type { Style } from '../terminal/style.js';
import { pairs, table } from '../terminal/table.js';
import { verifiedText } from './bundle-agreement.js';
import { publishedFacts } from './store.js';

export function renderExport(result: ExportRunResult, style: Style): string {
  const { bundle, hash, run, model, entities, dimensions, files, verified, published, vectorTypes } = result;
  const vectors =
    dimensions === null ? 'none: the model adapts nothing' : `${count(entities)} of ${dimensions} numbers`;
  return [
    pairs(
      [
        ['bundle', style.path(bundle)],
        ['hash', hash],
        ['from', `${model}, run ${run}`],
        ['vectors', vectors],
        ...(vectorTypes ?? []).map(
          ({ type, bytes: size, auc }) =>
            [`as ${type}`, `${size} bytes each; AUC on test rows ${decimal(auc)}`] as const,
        ),
        ['verified', verified === null ? 'not asked for (--verify)' : verifiedText(verified)],
        ...publishedFacts(published),
      ],
      style,
    ),
    '',
    table(
      [{ title: 'file' }, { title: 'size', align: 'right' }, { title: 'SHA-256' }],
      Object.entries(files).map(([file, entry]) => [file, bytes(entry.bytes), entry.sha256.slice(0, 12)]),
      style,
    ),
    '',
    ...bundleCommands(bundle, style, result.shard !== null),
  ].join('\n');
}

/** The outer steps of a training, written for other engines. */
export function renderExportedTraining(result: ExportedRunTraining, style: Style): string {
  const { training, run, model, steps, tiles, losses } = result;
  const [first, last] = losses.map((loss) => loss.toPrecision(6)) as [string, string];
  return pairs(
    [
      ['training', style.path(training)],
      ['from', `${model}, run ${run}`],
      ['steps', `${count(steps)}, in ${count(tiles)} tiles`],
      ['loss', `${first} at the first, ${last} at the last`],
    ],
    style,
  );
}
