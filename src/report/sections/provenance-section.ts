// Where the numbers come from: program, packages, machine, data; enough to make the run again.

import { duration } from '../../amounts.js';
import type { ReportRun } from '../data/report-run.js';
import { type Html, html, type Insertable } from '../html/safe-html.js';
import { count, decimal, plural } from '../text/numbers.js';
import { lead, type Section } from './section.js';

export function provenanceSection(run: ReportRun): Section {
  const { provenance, config, evaluation } = run;
  const { git, engine, lockfile, recipe, cpu } = provenance;
  const entries: readonly (readonly [string, Insertable])[] = [
    ['run', html`<code>${run.id}</code> (${run.state}${run.failure !== null && `: ${run.failure}`})`],
    ['started', provenance.startedAt],
    ['took', run.seconds === null ? '–' : `${duration(run.seconds)} for ${plural(run.epochs ?? 0, 'epoch')}`],
    ['command', html`<code>limaml ${provenance.command.join(' ')}</code>`],
    ['recipe', html`${recipe.file}, SHA-256 <code>${recipe.sha256.slice(0, 12)}</code>`],
    ['data set', html`${config.dataset.name}, hash <code>${config.dataset.hash.slice(0, 12)}</code>`],
    ['seed', String(run.seed)],
    [
      'program',
      html`limaml ${provenance.limaml.version}, code <code>${provenance.limaml.code.slice(0, 12)}</code>`,
    ],
    [
      'git',
      git === null
        ? 'no repository'
        : html`<code>${git.commit.slice(0, 12)}</code>${git.dirty && ', with uncommitted changes'}`,
    ],
    [
      'lockfile',
      lockfile === null
        ? 'none found'
        : html`${lockfile.file}, SHA-256 <code>${lockfile.sha256.slice(0, 12)}</code>`,
    ],
    ['engine', `${engine.name} ${engine.version} on ${engine.device}, ${plural(engine.workers, 'worker')}`],
    [
      'machine',
      `node ${provenance.node}, ${provenance.platform}, ${cpu.count} × ${cpu.model}, ${decimal(provenance.memoryBytes / 1e9, 0)} GB`,
    ],
    [
      'packages',
      Object.entries(provenance.dependencies)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
    ...(evaluation === null ? [] : [['resampling', resampling(evaluation.bootstrap)] as const]),
  ];
  return {
    id: 'provenance',
    title: 'Provenance',
    body: html`${lead('Equal inputs, seed and program give equal bytes on one machine.')}
${facts(entries)}`,
  };
}

function facts(entries: readonly (readonly [string, Insertable])[]): Html {
  return html`<dl class="facts">${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>`;
}

function resampling({
  replicates,
  resampled,
  units,
  auc,
  seed,
}: NonNullable<ReportRun['evaluation']>['bootstrap']): string {
  return `${count(replicates)} replicates of ${count(units)} ${resampled}, AUC ${auc === 'exact' ? 'recounted in each' : 'by the influence of each entity'}, seed ${seed}`;
}
