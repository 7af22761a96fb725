// One run in full, and where runs were written to.
import { duration } from '../../amounts.js';
import { titleOf } from '../../evaluation/metrics/metric.js';
import { METRICS } from '../../evaluation/metrics/registry.js';
import type { ExportedRuns } from '../../exchange/export-runs.js';
import type { RunDescription } from '../../runs/describe.js';
import { followedNames } from '../../runs/metrics-log.js';
import { nextCommand } from '../terminal/next-command.js';
import { count, decimal } from '../terminal/number.js';
import type { Style } from '../terminal/style.js';
import { pairs, table } from '../terminal/table.js';
import { originsTable } from './recipe.js';

export function renderRun(run: RunDescription, style: Style): string {
  const { config, provenance } = run;
  const { git, engine, lockfile } = provenance;
  const facts = pairs(
    [
      ['run', `${run.id}  (${run.state}${run.failure === null ? '' : `: ${run.failure}`})`],
      ['path', style.path(run.path)],
      ['model', run.model],
      ['data set', `${config.dataset.name}, hash ${config.dataset.hash.slice(0, 12)}`],
      ['seed', String(run.seed)],
      ['started', provenance.startedAt],
      ['took', run.seconds === null ? '–' : duration(run.seconds)],
      [
        'best',
        run.best === null
          ? '–'
          : `validation AUC ${decimal(run.best.auc)} at epoch ${run.best.epoch} of ${run.epochs}`,
      ],
      ...(run.headShare === null
        ? []
        : [['ids head', `${run.headShare.share} of what is scored, chosen on validation rows`] as const]),
      ['test', testText(run)],
      ['command', `limaml ${provenance.command.join(' ')}`],
      ['program', `limaml ${provenance.limaml.version}, code ${provenance.limaml.code.slice(0, 12)}`],
      [
        'git',
        git === null
          ? 'no repository'
          : `${git.commit.slice(0, 12)}${git.dirty ? ', with uncommitted changes' : ''}`,
      ],
      ['lockfile', lockfile === null ? 'none found' : `${lockfile.file} ${lockfile.sha256.slice(0, 12)}`],
      ['engine', `${engine.name} ${engine.version} on ${engine.device}, ${count(engine.workers)} workers`],
      [
        'machine',
        `node ${provenance.node}, ${provenance.platform}, ${provenance.cpu.count} × ${provenance.cpu.model}`,
      ],
    ],
    style,
  );
  const values = originsTable(config.recipe, config.origins, style);
  const epochs = run.metrics.length === 0 ? [] : ['', epochsTable(run, style)];
  return [facts, '', values, ...epochs, '', nextOf(run)].join('\n');
}

function nextOf({ id, state, evaluation, baselineOf, provenance }: RunDescription): string {
  if (state === 'running') return nextCommand('How far it is', 'runs', 'show', id);
  // Only the command that began it makes this very configuration, with the data that it found.
  if (state !== 'finished') return nextCommand('Go on with it', ...resuming(provenance.command));
  if (evaluation === null && baselineOf === null)
    return nextCommand('Measure it', 'eval', id, '--baseline', 'widedeep');
  return nextCommand('Does it repeat itself', 'verify', id);
}

function resuming(command: readonly string[]): readonly string[] {
  return command[0] !== 'train' || command.includes('--resume') ? command : [...command, '--resume'];
}

/** Of a run that was evaluated: enough to know it by. The whole is in its evaluation and its report. */
function testText({ evaluation, baselineOf }: RunDescription): string {
  const [own, ...baselines] = evaluation?.models ?? [];
  if (own === undefined) return baselineOf === null ? 'not evaluated' : `in the evaluation of ${baselineOf}`;
  return `AUC ${[own, ...baselines].map(({ model, metrics }, i) => `${i === 0 ? '' : `${model} `}${decimal(metrics['auc']?.value)}`).join(', ')}`;
}

/** One line an epoch; the refit has training losses only, because no rows are held out then. */
function epochsTable({ metrics, best }: RunDescription, style: Style): string {
  const rated = metrics.some(({ innerRate }) => innerRate !== undefined);
  const followed = followedNames(metrics);
  const numbers = ['training loss', ...followed.map((name) => `valid ${titleOf(METRICS, name)}`)];
  return table(
    [
      { title: 'epoch' },
      ...[...numbers, ...(rated ? ['inner rate'] : [])].map((title) => ({ title, align: 'right' as const })),
      { title: '' },
    ],
    metrics.map(({ phase, epoch, loss, valid, innerRate }) => [
      phase === 'select' ? String(epoch) : `refit ${epoch}`,
      decimal(loss),
      ...followed.map((name) => decimal(valid?.[name])),
      ...(rated ? [innerRate === undefined ? '–' : String(innerRate)] : []),
      phase === 'select' && epoch === best?.epoch ? 'best' : '',
    ]),
    style,
  );
}

/** Where each run was written. */
export function renderExportedRuns({ runs }: ExportedRuns, style: Style): string {
  const rows = runs.flatMap(({ run, experiment, mlflow, tensorboard, model }) => {
    const targets = [mlflow, tensorboard].flatMap((path) => (path === null ? [] : [style.path(path)]));
    return [...targets, ...(model === null ? [] : [`model ${model}`])].map((to) => [experiment, run, to]);
  });
  return table([{ title: 'experiment' }, { title: 'run' }, { title: 'written to' }], rows, style);
}
