// What was proved, and how far it goes.
import type { Verification, VerifiedBundle, VerifiedRun } from '../../workflows/verify.js';
import { bundleCommands, nextCommand } from '../terminal/next-command.js';
import { count } from '../terminal/number.js';
import type { Style } from '../terminal/style.js';
import { pairs } from '../terminal/table.js';
import { remadeText, verifiedText } from './bundle-agreement.js';
import { renderPrep } from './prep.js';

export function renderVerified(result: Verification, style: Style): string {
  switch (result.kind) {
    case 'run':
      return renderRun(result, style);
    case 'bundle':
      return renderBundle(result, style);
    case 'prepared':
      return renderPrep(result, style);
  }
}

function renderRun(result: VerifiedRun, style: Style): string {
  const {
    run,
    experiment,
    epochs,
    recordedEpochs,
    equalEpochs,
    heldTo,
    largest,
    sameModel,
    changed,
    evaluation,
  } = result;
  const trained =
    epochs < recordedEpochs ? `the first ${epochs} of ${recordedEpochs} epochs` : `all ${epochs} epochs`;
  const outcome =
    equalEpochs === epochs
      ? `${trained} came out the same to the last digit`
      : `${trained} came out within ${(100 * largest).toPrecision(2)} %, ${equalEpochs} of them the same`;
  return [
    style.chalk.bold(`Run ${run} of ${experiment} repeats itself: ${outcome}.`),
    pairs(
      [
        [
          'held to',
          heldTo === 'bytes' ? 'bytes: the same kind of machine' : 'within 1 %: another kind of machine',
        ],
        [
          'model',
          sameModel === null ? 'not trained to its end' : sameModel ? 'the same bytes' : 'not the same bytes',
        ],
        [
          'evaluation',
          evaluation === null
            ? 'none'
            : `${count(evaluation.values)} values made again, ${evaluation.largest === 0 ? 'each the same' : `off by ${evaluation.largest.toExponential(1)} at most`}`,
        ],
        [
          'changed',
          changed.length === 0
            ? 'nothing'
            : changed
                .map(({ kind, name, values }) => `${kind} ${name}: ${values[0] ?? '–'} → ${values[1] ?? '–'}`)
                .join('\n'),
        ],
      ],
      style,
    ),
    '',
    nextCommand('Serve it', 'export', run, '--out', 'bundle', '--verify'),
  ].join('\n');
}

function renderBundle(result: VerifiedBundle, style: Style): string {
  const { path, hash, model, run, refreshed, files, vectors, againstRun } = result;
  return [
    pairs(
      [
        ['bundle', style.path(path)],
        ['hash', hash],
        ['from', `${model}, run ${run}${refreshed ? ', refreshed since' : ''}`],
        ['files', `${count(files)}, each of the content that the manifest says`],
        ['vectors', vectors === 0 ? 'none: the model adapts nothing' : remadeText(result)],
        [
          'run',
          againstRun !== null
            ? verifiedText(againstRun)
            : refreshed
              ? 'not compared: the vectors are newer than the run'
              : 'not compared: the run is not here',
        ],
      ],
      style,
    ),
    '',
    ...bundleCommands(path, style),
  ].join('\n');
}
