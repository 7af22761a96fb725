// The contract's checks of scoring: a row's score hangs on the row and its entity's support alone.

import assert from 'node:assert/strict';
import { adaptProgram, scoringProgram } from '../../engine/programs/programs.js';
import type { Node } from '../../graph/ir/node.js';
import { programInputs } from '../../graph/onnx/model.js';
import type { PreparedDataset } from '../../prepared/dataset.js';
import { SPLIT } from '../../prepared/format.js';
import { drawFeeds } from '../float64/draw-feeds.js';
import { interpret } from '../float64/interpreter.js';
import type { Value, Values } from '../float64/value.js';
import { scoreTest } from '../subject/small-training.js';
import type { Check } from '../subject/subject.js';

export const SCORING_CHECKS: readonly Check[] = [
  {
    name: 'scores a row alike in large and in small batches',
    async run({ model, dataset, trained }) {
      const { state } = await trained();
      const large = await scoreTest(model, dataset, state, { tileRows: 4096 });
      const small = await scoreTest(model, dataset, state, { tileRows: 7 });
      assert.equal(large.probability.length, dataset.manifest.splits.test.rows, 'rows scored');
      assert.ok(new Set(large.probability).size > 1, 'every row has one and the same score');
      within(small.probability, large.probability, 1e-5, 'probabilities in batches of 7 rows');
    },
  },
  {
    name: 'scores a row alike whatever rows stand around it',
    async run({ model }) {
      const { logit } = scoringProgram(model).outputs;
      const sizes = { rows: 5, tasks: 3, support: 5, query: 2 };
      const feeds = drawFeeds(model, [logit!], sizes, 'scoring');
      const straight = interpret([logit!], feeds)[0]!;
      const dim = model.reads === undefined ? 'rows' : 'tasks';
      within(alone([logit!], feeds, dim), straight.data, 1e-9, `logits of ${dim}, each alone`);
      const padded = interpret([logit!], otherPadding(feeds))[0]!;
      within(padded.data, straight.data, 1e-9, 'logits with other numbers in padded support rows');
    },
  },
  {
    name: 'adapts an entity alike whatever entities and padding stand around it',
    async run({ model }) {
      const { outputs } = adaptProgram(model);
      for (const [name, vector] of Object.entries(outputs)) {
        const feeds = drawFeeds(model, [vector], { tasks: 3, support: 5 }, 'adapting');
        const straight = interpret([vector], feeds)[0]!;
        within(alone([vector], feeds, 'tasks'), straight.data, 1e-9, `${name} of entities, each alone`);
        const padded = interpret([vector], otherPadding(feeds))[0]!;
        within(padded.data, straight.data, 1e-9, `${name} with other numbers in padded support rows`);
      }
    },
  },
  {
    name: 'scores entities and items that it never saw',
    async run({ model, dataset, trained }) {
      const { probability } = await scoreTest(model, nothingSeen(dataset), (await trained()).state);
      assert.equal(probability.length, dataset.manifest.rows, 'rows scored');
      assert.ok(
        probability.every((p) => p > 0 && p < 1),
        'probabilities outside of 0 to 1',
      );
    },
  },
];

/** The same log with every row a test row: nothing is known of any entity or item. */
function nothingSeen(dataset: PreparedDataset): PreparedDataset {
  return {
    ...dataset,
    shard: async (index) => {
      const shard = await dataset.shard(index);
      return { ...shard, split: new Uint8Array(shard.rows).fill(SPLIT.test) };
    },
  };
}

/** The graph's numbers where each place along the named dim `dim`, the first of its inputs that have it, is fed alone. */
function alone(outputs: readonly Node[], feeds: Values, dim: string): number[] {
  const inputs = programInputs({
    outputs: Object.fromEntries(outputs.map((node, i) => [String(i), node])),
  });
  const along = [...inputs].filter(([, node]) => node.shape[0] === dim).map(([name]) => name);
  const places = feeds[along[0]!]!.shape[0]!;
  return Array.from({ length: places }, (_, place) => {
    const one = Object.fromEntries(along.map((name) => [name, placeOf(feeds[name]!, place)]));
    return interpret(outputs, { ...feeds, ...one }).flatMap(({ data }) => [...data]);
  }).flat();
}

/** One place along the first axis, of length 1 there. */
function placeOf({ data, shape }: Value, place: number): Value {
  const size = data.length / shape[0]!;
  return { data: data.slice(place * size, (place + 1) * size), shape: [1, ...shape.slice(1)] };
}

/** Feeds with 9 in every number of a support row that the mask says is padding. */
function otherPadding(feeds: Values): Values {
  const mask = feeds['support.mask'];
  if (mask === undefined) return feeds;
  return Object.fromEntries(
    Object.entries(feeds).map(([name, fed]) => {
      if (!name.startsWith('support.') || name === 'support.mask' || name === 'support.pool')
        return [name, fed];
      const width = fed.data.length / mask.data.length;
      return [
        name,
        { ...fed, data: fed.data.map((x, i) => (mask.data[Math.floor(i / width)] === 0 ? 9 : x)) },
      ];
    }),
  );
}

function within(found: ArrayLike<number>, expected: ArrayLike<number>, most: number, what: string): void {
  assert.equal(found.length, expected.length, `count of ${what}`);
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(found[i]! - expected[i]!);
    worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
  }
  assert.ok(worst <= most, `${what} differ by ${worst.toExponential(2)}; ${most} is allowed`);
}
