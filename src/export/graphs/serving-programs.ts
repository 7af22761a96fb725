// The two graphs of a bundle: scoring, and adaptation with the inner loop's gradient descent inside.

import { SUPPORT, SUPPORT_LABEL, SUPPORT_MASK, VECTOR } from '../../bundle/format/files.js';
import type { ModelState } from '../../engine/model-state.js';
import { InternalError, UserError } from '../../errors.js';
import type { Node } from '../../graph/ir/node.js';
import { add, div, mul, reshape, sub, sum } from '../../graph/ops/algebra.js';
import { exp, sigmoid, step } from '../../graph/ops/elementwise.js';
import { constant, input, tensor } from '../../graph/ops/leaves.js';
import { rowsBefore } from '../../graph/ops/raw.js';
import { entityPart, episodeGroups, type Model, type Parameters } from '../../models/contract/definition.js';
import { HALVING_ROWS, type Pooling } from '../../models/contract/pooling.js';
import type { Program } from '../../runtime/executor.js';
import { type EncodingParts, rawEncoder } from './raw-features.js';
import type { Vocabularies } from './vocabularies.js';

/** An ONNX file is one protocol-buffer message, which may not exceed 2 GiB. */
const LARGEST_BYTES = 2 ** 31 - 2 ** 24;

function parameterConstants(model: Model, state: ModelState): Parameters {
  return Object.fromEntries(
    model.parameters.map(({ name, shape }) => {
      const values = state.parameters.get(name);
      if (values === undefined) throw new InternalError(`there is no parameter "${name}"`);
      return [name, tensor(new Float32Array(values), shape)];
    }),
  );
}

function encodingParts(model: Model, state: ModelState, { dictionaries }: Vocabularies): EncodingParts {
  const bytes = model.tables.reduce((total, { rows, dim }) => total + 4 * rows * dim, 0);
  if (bytes > LARGEST_BYTES)
    throw new UserError({
      code: 'EXPORT_TOO_LARGE',
      where: `model ${model.name}`,
      what: `Its embedding tables hold ${(bytes / 1e9).toFixed(1)} GB; an ONNX file can hold 2.1 GB.`,
      next: 'Train with smaller embeddings, or raise minCount of the largest features.',
    });
  return { tables: model.tables, state, dictionaries, inputs: new Map() };
}

/**
 * Raw values of rows → `probability` [rows]. Inputs are named like the raw values and have the dim `rows`; a model that
 * adapts takes each row's meta embedding too, `vector` [rows, size].
 */
export function scoreGraph(model: Model, state: ModelState, vocabularies: Vocabularies): Program {
  const encode = rawEncoder(encodingParts(model, state, vocabularies), ['rows'], ({ name }) => ({
    name,
    leading: ['rows'],
    as: ['rows'],
  }));
  const rows = Object.fromEntries(model.rowGroups.map((group) => [group.name, encode(group)]));
  const vectors = Object.fromEntries(
    model.adapts.map(({ name, size }) => [name, input(name, ['rows', size])]),
  );
  const logits = model.logits(parameterConstants(model, state), rows, vectors);
  return { outputs: { probability: reshape(sigmoid(logits), ['rows']) } };
}

/**
 * Raw values of support rows → `vector` [tasks, size], the adapted meta embedding. Entity features are named like the raw
 * values, [tasks]; what a support row brings is `support.<name>`, [tasks, support], oldest first, padded at the end, with
 * `support.label` (0 or 1) and `support.mask` (1 for a row, 0 for padding). An entity without rows gets its prior.
 */
export function adaptGraph(model: Model, state: ModelState, vocabularies: Vocabularies): Program {
  const meta = entityPart(model);
  if (meta === undefined) throw new InternalError(`model "${model.name}" adapts nothing`);
  const parts = encodingParts(model, state, vocabularies);
  const taskPlace = (name: string) => ({ name, leading: ['tasks'], as: ['tasks', 1] });
  const encodeTask = rawEncoder(parts, ['tasks', 1], ({ name }) => taskPlace(name));
  const encodeRows = rawEncoder(parts, ['tasks', 'support'], ({ name, side }) =>
    side === 'entity'
      ? taskPlace(name)
      : { name: `${SUPPORT}${name}`, leading: ['tasks', 'support'], as: ['tasks', 'support'] },
  );
  const task = Object.fromEntries(model.taskGroups.map((group) => [group.name, encodeTask(group)]));
  const rows = Object.fromEntries(episodeGroups(model).map((group) => [group.name, encodeRows(group)]));
  const perRow = (name: string): Node => reshape(input(name, ['tasks', 'support']), ['tasks', 'support', 1]);
  const mask = perRow(SUPPORT_MASK);
  const support = { rows, label: perRow(SUPPORT_LABEL), mask, pool: poolWeights(meta.pooling, mask) };
  const vector = meta.vector(parameterConstants(model, state), task, support, meta.adaptSteps);
  return { outputs: { [VECTOR]: reshape(vector, ['tasks', meta.size]) } };
}

/** Weights [tasks, support, 1] that pool a task's rows, summing to 1 (to 0 without rows); as `poolWeights` of training. */
function poolWeights(pooling: Pooling, mask: Node): Node {
  const n = sum(mask, [1], true);
  if (pooling === 'mean') return div(mask, orOne(n));
  const rowsAfter = sub(sub(n, constant(1)), rowsBefore(mask));
  const weight =
    pooling === 'last'
      ? mul(mask, step(sub(constant(0.5), rowsAfter)))
      : mul(mask, exp(mul(rowsAfter, constant(-Math.LN2 / HALVING_ROWS))));
  return div(weight, orOne(sum(weight, [1], true)));
}

/** A count, or 1 in place of 0. */
function orOne(count: Node): Node {
  return add(count, sub(constant(1), step(count)));
}
