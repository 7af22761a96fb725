// The contract's check of gradients: what a training step goes by is the derivative of its loss, through the inner loop too.

import assert from 'node:assert/strict';
import { trainingProgram } from '../../engine/programs/programs.js';
import type { Node } from '../../graph/ir/node.js';
import { programInputs } from '../../graph/onnx/model.js';
import type { Model } from '../../models/contract/definition.js';
import { randomStream } from '../../random.js';
import { drawFeeds } from '../float64/draw-feeds.js';
import { holdDetached } from '../float64/held-detached.js';
import { interpret } from '../float64/interpreter.js';
import { slopes } from '../float64/slopes.js';
import type { Values } from '../float64/value.js';
import type { Check } from '../subject/subject.js';

const SIZES = { tasks: 3, support: 4, query: 3, rows: 6 };
/** Largest difference from finite differences, relative to the norm of the gradient. A wrong term is off by far more. */
const TOLERANCE = 1e-6;
/** A kink (of a ReLU) close to a drawn point spoils the finite difference there: one of so many draws must be free of it. */
const DRAWS = 3;

export const GRADIENT_CHECKS: readonly Check[] = [
  {
    name: 'has the gradients and meta-gradients that finite differences give',
    async run({ model }) {
      // Nothing that is counted goes by a gradient.
      if (model.learns.by === 'counts') return;
      const { outputs } = trainingProgram(model);
      const wanted = Object.keys(outputs).flatMap((name) => (name.startsWith('d.') ? [name.slice(2)] : []));
      const trained = model.parameters.filter((spec) => spec.trained !== false).map(({ name }) => name);
      assert.deepEqual(
        trained.filter((name) => !wanted.includes(name)),
        [],
        'trained parameters without a gradient',
      );
      const faults = Array.from({ length: DRAWS }, (_, draw) => wrongGradients(model, outputs, wanted, draw));
      // A gradient is wrong when it is so in every draw.
      const always = faults.reduce((left, right) => left.filter((name) => right.includes(name)));
      assert.deepEqual(always, [], 'gradients that are not the derivative of the loss');
    },
  },
];

/** Names of those `wanted` whose gradient is not the derivative of the loss along a drawn direction. */
function wrongGradients(
  model: Model,
  outputs: Readonly<Record<string, Node>>,
  wanted: readonly string[],
  draw: number,
): readonly string[] {
  const feeds: Values = drawFeeds(model, Object.values(outputs), SIZES, `gradients ${draw}`);
  const found = interpret(Object.values(outputs), feeds);
  const names = Object.keys(outputs);
  // A first-order model holds parts of its inner loop still; its gradient is the derivative of what is left.
  const { held, feeds: heldFeeds } = holdDetached(outputs['loss']!, feeds);
  const used = programInputs({ outputs: { held } });
  const slope = slopes(held, heldFeeds);
  return wanted.filter((name) => {
    const gradient = found[names.indexOf(`d.${name}`)]!;
    const stream = randomStream(draw, 'direction', name);
    const direction = gradient.data.map(() => stream.normal());
    const along = gradient.data.reduce((total, x, i) => total + x * direction[i]!, 0);
    const expected = used.has(name) ? slope(name, direction) : 0;
    const size = Math.hypot(...gradient.data, 1e-3);
    return !(Math.abs(along - expected) <= TOLERANCE * size);
  });
}
