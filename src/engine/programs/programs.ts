// A model's graphs as programs: one training step, adaptation, scoring. All dims that vary are named.
import { differentiate } from '../../graph/differentiate.js';
import type { Shape } from '../../graph/ir/dims.js';
import type { Node } from '../../graph/ir/node.js';
import { add, mul } from '../../graph/ops/algebra.js';
import { sigmoid } from '../../graph/ops/elementwise.js';
import { constant, input } from '../../graph/ops/leaves.js';
import { gather } from '../../graph/ops/lookup.js';
import { weightedLoss } from '../../models/blocks/losses.js';
import {
  type EncodedGroups,
  episodeGroups,
  type MetaPart,
  type Model,
  type Objective,
  type Parameters,
  type Paths,
  type RowPart,
  type SupportNodes,
} from '../../models/contract/definition.js';
import type { FieldGroup } from '../../models/contract/fields.js';
import type { TrainingPass } from '../../models/contract/training-pass.js';
import { dropout } from '../../models/layers/dropout.js';
import type { Program } from '../../runtime/executor.js';
import type { ProgramKey } from './program-key.js';
import { openPass } from './training-pass.js';

/** The graph that a key stands for. */
export function programOf(model: Model, key: ProgramKey): Program {
  switch (key.kind) {
    case 'train':
      return trainingProgram(model);
    case 'score':
      return scoringProgram(model);
    case 'adapt':
      return adaptProgram(model, key.steps, key.windows);
  }
}

/** Dense parameters as graph inputs. */
function parameterInputs(model: Model): Parameters {
  return Object.fromEntries(model.parameters.map(({ name, shape }) => [name, input(name, shape)]));
}

function groupInputs(prefix: string, groups: readonly FieldGroup[], leading: Shape): EncodedGroups {
  return Object.fromEntries(
    groups.map((group) => [group.name, input(`${prefix}.${group.name}`, [...leading, group.width])]),
  );
}

/** The inputs `support.*` of a batch of tasks. */
function supportInputs(model: Model): SupportNodes {
  return {
    rows: groupInputs('support', episodeGroups(model), ['tasks', 'support']),
    label: input('support.label', ['tasks', 'support', 1]),
    mask: input('support.mask', ['tasks', 'support', 1]),
    pool: input('support.pool', ['tasks', 'support', 1]),
  };
}

/** The same where tasks share rows: the inputs `known.*` hold each row once, `support.place` says which of them each support row is. */
function windowInputs(model: Model): SupportNodes {
  const place = input('support.place', ['tasks', 'support'], 'int64');
  const known = groupInputs('known', episodeGroups(model), ['known']);
  const rows = Object.fromEntries(Object.entries(known).map(([name, of]) => [name, gather(of, place)]));
  return { ...supportInputs(model), rows };
}

/**
 * One outer step without the optimiser. Outputs: `loss`, the weighted loss of the rows (of each objective); `d.<parameter>`; and
 * `d.<group input>`, the gradients by encoded rows that go back to the embedding tables.
 * Groups with dropout have one more input, `mask.<group input>`, of the same shape; hidden layers with dropout `mask.<its name>`.
 * Parameters that follow a running average have the outputs `sum.<parameter>` and `count.<parameter>`.
 * Inputs of a model that learns by episodes: `task.*`, `support.*`, `query.*` with dims tasks, support, query; else `rows.*`.
 * `label` and `weight` belong to the query rows (or the rows). A part of it that learns by rows has `rows.*` besides, with
 * `rows.label` and `rows.weight` among them.
 */
export function trainingProgram(model: Model): Program {
  const parameters = parameterInputs(model);
  const episodes = model.learns.by === 'episodes';
  const groups = new Map<string, Node>();
  const dropped = new Set(
    [...model.taskGroups, ...model.rowGroups].flatMap((g) => (g.dropout > 0 ? [g.name] : [])),
  );
  const keep = (prefix: string, nodes: EncodedGroups): EncodedGroups =>
    Object.fromEntries(
      Object.entries(nodes).map(([name, node]) => {
        groups.set(`${prefix}.${name}`, node);
        return [name, dropped.has(name) ? dropout(node, `${prefix}.${name}`) : node];
      }),
    );
  const leading = episodes ? ['tasks', 'query'] : ['rows'];
  const prefix = episodes ? 'query' : 'rows';
  const rows = keep(prefix, groupInputs(prefix, episodes ? episodeGroups(model) : model.rowGroups, leading));
  let paths: Paths = {};
  let read: SupportNodes | undefined;
  if (episodes) {
    const task = keep('task', groupInputs('task', model.taskGroups, ['tasks', 1]));
    const given = supportInputs(model);
    const support = { ...given, rows: keep('support', given.rows) };
    if (model.reads !== undefined) read = support;
    paths = Object.fromEntries(
      model.adapts.map((part) => [part.name, pathOf(model, part, parameters, task, support)]),
    );
  }
  const label = input('label', [...leading, 1]);
  const weight = input('weight', [...leading, 1]);
  const { passOver, outputs } = openPass(model);
  const rowPartLoss = ({ groups: read, objectives }: RowPart): Node => {
    const alone = keep('rows', groupInputs('rows', read, ['rows']));
    const [rowLabel, rowWeight] = [input('rows.label', ['rows', 1]), input('rows.weight', ['rows', 1])];
    return lossOf(objectives(parameters, alone, passOver(rowWeight)), rowLabel, rowWeight);
  };
  const objectives = objectivesOf(model, parameters, rows, paths, passOver(weight), read);
  const episodesLoss = lossOf(objectives, label, weight);
  const loss = model.byRows === undefined ? episodesLoss : add(episodesLoss, rowPartLoss(model.byRows));
  const trained = model.parameters.filter((spec) => spec.trained !== false).map((spec) => spec.name);
  const wanted = [...trained, ...groups.keys()];
  const gradients = differentiate(
    loss,
    wanted.map((name) => parameters[name] ?? groups.get(name)!),
  );
  return {
    outputs: {
      loss,
      ...Object.fromEntries(wanted.map((name, i) => [`d.${name}`, gradients[i]!])),
      ...outputs(),
    },
  };
}

/** The sum of the objectives' losses. */
function lossOf(objectives: readonly Objective[], label: Node, weight: Node): Node {
  return objectives
    .map((objective) => {
      const loss = weightedLoss(objective.logits, label, weight);
      return objective.weight === 1 ? loss : mul(constant(objective.weight), loss);
    })
    .reduce((total, more) => add(total, more));
}

/** The vectors of a part in training, the one that is scored last: it alone where nothing is asked of the others. */
function pathOf(
  { objectives }: Model,
  { path, vector, trainSteps }: MetaPart,
  ...given: [Parameters, EncodedGroups, SupportNodes]
): readonly [Node, ...Node[]] {
  return objectives === undefined || path === undefined
    ? [vector(...given, trainSteps)]
    : path(...given, trainSteps);
}

function objectivesOf(
  model: Model,
  parameters: Parameters,
  rows: EncodedGroups,
  paths: Paths,
  pass: TrainingPass,
  read: SupportNodes | undefined,
): readonly Objective[] {
  if (model.objectives !== undefined) return model.objectives(parameters, rows, paths, pass);
  const vectors = Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, path.at(-1)!]));
  return [{ logits: model.logits(parameters, rows, vectors, pass, read), weight: 1 }];
}

/** The vector of every adapted part, [tasks, 1, size], of tasks from their support rows (see window-tiles.ts for `windows`). */
export function adaptProgram(
  model: Model,
  steps: number | 'as served' = 'as served',
  windows = false,
): Program {
  const parameters = parameterInputs(model);
  const task = groupInputs('task', model.taskGroups, ['tasks', 1]);
  const support = windows ? windowInputs(model) : supportInputs(model);
  return {
    outputs: Object.fromEntries(
      model.adapts.map((part) => [
        part.name,
        part.vector(parameters, task, support, steps === 'as served' ? part.adaptSteps : steps),
      ]),
    ),
  };
}

/**
 * `logit` and `probability` [rows, 1] of rows, each of which brings the vectors of the adapted parts, [rows, size]. Of a model that
 * reads supports [tasks, query, 1] of the inputs `query.*`, `support.*`.
 */
export function scoringProgram(model: Model): Program {
  const parameters = parameterInputs(model);
  if (model.reads !== undefined) {
    const query = groupInputs('query', model.rowGroups, ['tasks', 'query']);
    const logit = model.logits(parameters, query, {}, undefined, supportInputs(model));
    return { outputs: { logit, probability: sigmoid(logit) } };
  }
  const rows = groupInputs('rows', model.rowGroups, ['rows']);
  const vectors = Object.fromEntries(
    model.adapts.map(({ name, size }) => [name, input(name, ['rows', size])]),
  );
  const logit = model.logits(parameters, rows, vectors);
  return { outputs: { logit, probability: sigmoid(logit) } };
}
