// Training with dropout of hidden layers and batch norm: only the seed decides, and scoring knows of neither.
import { describe, expect, it } from 'vitest';
import { scoringProgram, trainingProgram } from '../../src/engine/programs/programs.js';
import { runTile, tileScratch } from '../../src/engine/tiles/run-tile.js';
import type { TileMask } from '../../src/engine/tiles/tile.js';
import { programInputs } from '../../src/graph/onnx/model.js';
import type { Model } from '../../src/models/contract/definition.js';
import { randomStream } from '../../src/random.js';
import type { CompiledProgram, Tensor } from '../../src/runtime/executor.js';
import { bytesOf, smallExecution, smallTraining, train } from '../../src/testing/subject/small-training.js';
import { dropoutState } from '../../src/training/batch.js';
import { plantedDataset } from '../support/planted-dataset.js';
import { smallModel } from '../support/small-model.js';

const dataset = plantedDataset({ shards: 2 });
const HIDDEN = { hidden: [8, 4], hiddenDropout: 0.25, batchNorm: true };
const inputsOf = (program: ReturnType<typeof trainingProgram>): string[] => [
  ...programInputs(program).keys(),
];

describe.each([
  ['deep', ['hidden.deep.0', 'hidden.deep.1']],
  ['widedeep', ['hidden.deep.0', 'hidden.deep.1']],
  ['dcnv2', ['hidden.deep.0', 'hidden.deep.1']],
] as const)('%s', (name, dropouts) => {
  const model = smallModel(name, dataset, HIDDEN);
  const statistics = ['deep.mean0', 'deep.variance0', 'deep.mean1', 'deep.variance1'];

  it('takes masks in training alone, and running statistics outside of it alone', () => {
    const [training, scoring] = [inputsOf(trainingProgram(model)), inputsOf(scoringProgram(model))];
    const masks = dropouts.map((dropout) => `mask.${dropout}`);
    expect(training).toEqual(expect.arrayContaining(masks));
    expect(scoring.filter((input) => input.startsWith('mask.'))).toEqual([]);
    expect(scoring).toEqual(expect.arrayContaining(statistics));
    expect(training.filter((input) => statistics.includes(input))).toEqual([]);
    expect(model.parameters.filter(({ trained }) => trained === false).map((spec) => spec.name)).toEqual(
      expect.arrayContaining(statistics),
    );
  });

  it('gives the same bytes for any number of workers, of batches of several tiles', async () => {
    const states = [];
    for (const workers of [0, 1, 2]) {
      const execution = smallExecution({ workers, tileRows: 23 });
      states.push((await train(model, dataset, smallTraining({ epochs: 2 }), { execution })).state);
    }
    expect(new Set(states.map((state) => bytesOf(state).toString('hex'))).size).toBe(1);
    for (const statistic of statistics) {
      const values = [...states[0]!.parameters.get(statistic)!];
      expect(values.every((x) => Number.isFinite(x) && x !== 0 && x !== 1)).toBe(true);
    }
  });
});

describe('masks of hidden layers', () => {
  const model = smallModel('deep', dataset, { hidden: [8, 4], hiddenDropout: 0.25 });

  it('are drawn for the rows of a tile, from one stream with those of the features', () => {
    const drawn = dropoutState(model, randomStream(1, 'masks'), [5]);
    const masks: TileMask[] = [
      { name: 'hidden.deep.0', shape: [5, 8], rate: 0.25 },
      { name: 'hidden.deep.1', shape: [5, 4], rate: 0.25 },
    ];
    expect(drawn.masks).toEqual(masks);
    expect(drawn.dropout).toEqual(dropoutState(model, randomStream(1, 'masks'), [7]).dropout);
    expect(dropoutState(smallModel('deep', dataset), randomStream(1, 'masks'), [5])).toEqual({});
  });

  it('hold zeros and 1 / (1 − rate), the same ones for the same stream', async () => {
    const masks = [{ name: 'hidden.deep.0', shape: [100, 64], rate: 0.25 }];
    const fed = async (seed: number) => {
      let found: Tensor | undefined;
      const program: CompiledProgram = {
        inputs: ['mask.hidden.deep.0'],
        run: async (feeds) => {
          found = feeds['mask.hidden.deep.0'];
          return {};
        },
        dispose: async () => {},
      };
      const tile = { groups: [], tensors: {}, dropout: randomStream(seed, 'masks').state(), masks };
      await runTile(program, tile, new Map(), new Map(), {}, tileScratch());
      return { shape: found!.shape, data: found!.data as Float32Array };
    };
    const { data, shape } = await fed(1);
    expect(shape).toEqual([100, 64]);
    expect(data.length).toBe(6400);
    expect(new Set(data)).toEqual(new Set([0, Math.fround(4 / 3)]));
    // A quarter of 6,400 within four deviations of 35.
    const dropped = [...data].filter((x) => x === 0).length;
    expect(Math.abs(dropped - 1600)).toBeLessThan(140);
    expect((await fed(1)).data).toEqual(data);
    expect((await fed(2)).data).not.toEqual(data);
  });

  it('must be declared by the model, and used where they are', () => {
    const { hiddenDropouts: _, ...undeclared } = model;
    expect(() => trainingProgram(undeclared)).toThrow('does not declare the hidden dropout "hidden.deep.0"');
    const unused: Model = { ...model, logits: (p, rows, vectors) => model.logits(p, rows, vectors) };
    expect(() => trainingProgram(unused)).toThrow(
      'declares hidden.deep.0, hidden.deep.1 and does not use it',
    );
  });
});
