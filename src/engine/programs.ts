// A model's graphs as programs: one training step, adaptation, scoring. All dims that vary are named.
import { differentiate } from '../graph/differentiate.js';
import type { Shape } from '../graph/dims.js';
import type { Node } from '../graph/node.js';
import { mul, sigmoid } from '../graph/ops/elementwise.js';
import { input } from '../graph/ops/leaves.js';
import { weightedLoss } from '../models/blocks/losses.js';
import type { EncodedGroups, Model, Parameters, SupportNodes } from '../models/definition.js';
import type { FieldGroup } from '../models/fields.js';
import type { Program } from '../runtime/executor.js';

/** Input that carries the dropout mask of a group input. */
export function maskName(groupInput: string): string {
  return `mask.${groupInput}`;
}

/** Dense parameters as graph inputs. */
export function parameterInputs(model: Model): Parameters {
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
    rows: groupInputs('support', model.rowGroups, ['tasks', 'support']),
    label: input('support.label', ['tasks', 'support', 1]),
    mask: input('support.mask', ['tasks', 'support', 1]),
    pool: input('support.pool', ['tasks', 'support', 1]),
  };
}

/**
 * One outer step without the optimiser. Outputs: `loss`, the weighted loss of the rows; `d.<parameter>`; and
 * `d.<group input>`, the gradients by encoded rows that go back to the embedding tables.
 * Groups with dropout have one more input, `mask.<group input>`, of the same shape.
 * Inputs of a model with tasks: `task.*`, `support.*`, `query.*` with dims tasks, support, query; else `rows.*`.
 * `label` and `weight` belong to the query rows (or the rows).
 */
export function trainingProgram(model: Model): Program {
  const parameters = parameterInputs(model);
  const { meta } = model;
  const groups = new Map<string, Node>();
  const dropped = new Set(
    [...model.taskGroups, ...model.rowGroups].flatMap((g) => (g.dropout > 0 ? [g.name] : [])),
  );
  const keep = (prefix: string, nodes: EncodedGroups): EncodedGroups =>
    Object.fromEntries(
      Object.entries(nodes).map(([name, node]) => {
        groups.set(`${prefix}.${name}`, node);
        return [name, dropped.has(name) ? mul(node, input(maskName(`${prefix}.${name}`), node.shape)) : node];
      }),
    );
  const leading = meta === undefined ? ['rows'] : ['tasks', 'query'];
  const prefix = meta === undefined ? 'rows' : 'query';
  const rows = keep(prefix, groupInputs(prefix, model.rowGroups, leading));
  let vector: Node | undefined;
  if (meta !== undefined) {
    const task = keep('task', groupInputs('task', model.taskGroups, ['tasks', 1]));
    const support = supportInputs(model);
    vector = meta.vector(
      parameters,
      task,
      { ...support, rows: keep('support', support.rows) },
      meta.trainSteps,
    );
  }
  const label = input('label', [...leading, 1]);
  const weight = input('weight', [...leading, 1]);
  const loss = weightedLoss(model.logits(parameters, rows, vector), label, weight);
  const trained = model.parameters.filter((spec) => spec.trained !== false).map((spec) => spec.name);
  const wanted = [...trained, ...groups.keys()];
  const gradients = differentiate(
    loss,
    wanted.map((name) => parameters[name] ?? groups.get(name)!),
  );
  return {
    outputs: { loss, ...Object.fromEntries(wanted.map((name, i) => [`d.${name}`, gradients[i]!])) },
  };
}

/** Meta embeddings `vector` [tasks, 1, size] of tasks from their support rows. */
export function adaptProgram(model: Model, steps: number): Program {
  const parameters = parameterInputs(model);
  const task = groupInputs('task', model.taskGroups, ['tasks', 1]);
  return { outputs: { vector: model.meta!.vector(parameters, task, supportInputs(model), steps) } };
}

/** `logit` and `probability` [rows, 1] of rows; with a meta part, each row brings its `vector` [rows, size]. */
export function scoringProgram(model: Model): Program {
  const parameters = parameterInputs(model);
  const rows = groupInputs('rows', model.rowGroups, ['rows']);
  const vector = model.meta === undefined ? undefined : input('vector', ['rows', model.meta.size]);
  const logit = model.logits(parameters, rows, vector);
  return { outputs: { logit, probability: sigmoid(logit) } };
}
