// What there is to name in a folder: runs, recipes, data sets, models, files.
import { readdirSync } from 'node:fs';
import { knownDatasets, knownRecipes } from '../../config/find-files.js';
import { MODELS } from '../../models/registry.js';
import { listSummaries, type RunSummary } from '../../runs/list.js';
import { fieldNames } from '../../runs/run-fields.js';
import type { Completes } from '../spec/command.js';

interface Candidate {
  readonly value: string;
  readonly about: string;
}

/** A list is read when it is first asked for. */
export async function candidatesOf(cwd: string): Promise<(kind: Completes) => readonly Candidate[]> {
  const of: Readonly<Record<Completes, () => readonly Candidate[]>> = {
    run: () => runNames(listSummaries(cwd).runs),
    tag: () => tagNames(listSummaries(cwd).runs),
    field: () => fieldNames(listSummaries(cwd).runs).map((value) => ({ value, about: 'of a run' })),
    recipe: () => knownRecipes(cwd).map((value) => ({ value, about: 'experiment' })),
    dataset: () => knownDatasets(cwd).map((value) => ({ value, about: 'data set' })),
    model: () => MODELS.map(({ name, summary }) => ({ value: name, about: summary })),
    file: () => readdirSync(cwd).map((value) => ({ value, about: '' })),
  };
  return (kind) => of[kind]();
}

const tagNames = (runs: readonly RunSummary[]): readonly Candidate[] =>
  runs.flatMap((run) => run.tags.map((value) => ({ value, about: `tag of ${run.id}, ${run.model}` })));

/** Words that stand for runs first, then the runs themselves, the newest first. */
function runNames(runs: readonly RunSummary[]): readonly Candidate[] {
  if (runs.length === 0) return [];
  const experiments = [...new Set(runs.map(({ experiment }) => experiment))];
  return [
    { value: 'latest', about: 'the newest finished run' },
    { value: 'best', about: 'the best on validation rows' },
    ...experiments.flatMap((name) => [
      { value: `latest@${name}`, about: 'the newest finished run of it' },
      { value: `best@${name}`, about: 'the best of it on validation rows' },
    ]),
    ...tagNames(runs),
    ...runs
      .toReversed()
      .map(({ id, experiment, model, state }) => ({ value: id, about: `${experiment}, ${model}, ${state}` })),
  ];
}
