// Two heads in one network: what each is trained on, and how their logits make one score.
import { describe, expect, it } from 'vitest';
import { loadSource } from '../../src/engine/features/load-source.js';
import { scoringProgram, trainingProgram } from '../../src/engine/programs/programs.js';
import { programInputs } from '../../src/graph/onnx/model.js';
import { SPLIT } from '../../src/prepared/format.js';
import { drawFeeds } from '../../src/testing/float64/draw-feeds.js';
import { interpret } from '../../src/testing/float64/interpreter.js';
import { epochBatches } from '../../src/training/batches.js';
import { evenChunks } from '../../src/training/rows-beside.js';
import { plantedDataset } from '../support/planted-dataset.js';
import { smallModel } from '../support/small-model.js';

const dataset = plantedDataset();
const heads = (share: number) =>
  smallModel('limaml', dataset, { heads: ['meta', 'ids'], ids: { hidden: [8], share } });

describe('two heads', () => {
  it('are scored by the mean of their logits, weighed by the share of the ids head', () => {
    const logits = (share: number): readonly number[] => {
      const { logit } = scoringProgram(heads(share)).outputs;
      return [...interpret([logit!], drawFeeds(heads(share), [logit!], { rows: 4 }, 'heads'))[0]!.data];
    };
    const [meta, ids] = [logits(0), logits(1)];
    const alone = smallModel('limaml', dataset);
    const { logit } = scoringProgram(alone).outputs;
    expect(meta).toEqual([...interpret([logit!], drawFeeds(alone, [logit!], { rows: 4 }, 'heads'))[0]!.data]);
    logits(0.25).forEach((mixed, row) => {
      expect(mixed).toBeCloseTo(0.75 * meta[row]! + 0.25 * ids[row]!, 12);
    });
  });

  it('learn from episodes the one, from single rows the other', () => {
    const inputs = [...programInputs(trainingProgram(heads(0.5))).keys()];
    const groupsOf = (prefix: string): readonly string[] =>
      inputs
        .filter((name) => name.startsWith(`${prefix}.`))
        .map((name) => name.slice(prefix.length + 1))
        .sort();
    expect(groupsOf('query')).toEqual(['item']);
    expect(groupsOf('support')).toEqual(['item', 'label', 'mask']);
    expect(groupsOf('rows')).toEqual(['ids.deep', 'ids.wide', 'label', 'weight']);
  });

  it('take every training row once an epoch for the ids head, weighed alike within a batch', async () => {
    const source = await loadSource(dataset, [SPLIT.train]);
    const options = {
      ...{ seed: 1, phase: 'select', epoch: 1, learn: [SPLIT.train], tileRows: 100, placebo: [] },
      supports: { sizes: [0.05], atLeast: 0 },
    };
    let rows = 0;
    let tiles = 0;
    for await (const batch of epochBatches(heads(0.5), dataset, source, options)) {
      const weights = batch.tiles.flatMap(({ tensors }) => [...tensors['rows.weight']!.data].map(Number));
      rows += weights.length;
      tiles += batch.tiles.length;
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
      expect(new Set(weights).size).toBe(1);
    }
    expect(rows).toBe(dataset.manifest.splits.train.rows);
    expect(tiles).toBeGreaterThan(5);
  });

  it('have no tile without a row', () => {
    const chunks = (rows: number, count: number) =>
      evenChunks(
        Int32Array.from({ length: rows }, (_, i) => i),
        count,
      ).map((chunk) => [...chunk.rows]);
    expect(chunks(5, 2)).toEqual([
      [0, 1],
      [2, 3, 4],
    ]);
    expect(chunks(2, 3)).toEqual([[0], [1], [0]]);
  });
});
