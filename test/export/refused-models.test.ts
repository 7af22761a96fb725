// Models that no bundle can hold are refused before anything is written.

import { expect, it } from 'vitest';
import { initialState } from '../../src/engine/model-state.js';
import { rawInput } from '../../src/export/graphs/raw-inputs.js';
import { adaptGraph, scoreGraph } from '../../src/export/graphs/serving-programs.js';
import type { Field } from '../../src/models/contract/fields.js';
import { plantedDataset } from '../support/planted-dataset.js';
import { smallModel } from '../support/small-model.js';

const none = { dictionaries: new Map() } as unknown as Parameters<typeof scoreGraph>[2];

it('embedding tables past what one ONNX file can hold', () => {
  const model = smallModel('limaml', plantedDataset());
  const state = initialState(model, 1);
  const [first, ...rest] = model.tables;
  // 4 bytes × 4 numbers a row: 2.4 GB. Refused by its size alone, before its values are looked at.
  const large = { ...model, tables: [{ ...first!, rows: 150_000_000, dim: 4 }, ...rest] };
  for (const graph of [scoreGraph, adaptGraph])
    expect(() => graph(large, state, none)).toThrow(
      expect.objectContaining({ code: 'EXPORT_TOO_LARGE', what: expect.stringContaining('2.4 GB') }),
    );
});

it.each(['vector', 'probability', 'entity', 'item', 'label', 'mask', 'place', 'timestamp_ms'])(
  'a feature named "%s", as the bundle’s own files have it',
  (name) => {
    const feature = (called: string) =>
      ({
        name: called,
        source: { kind: 'feature', spec: { name: called, side: 'event', kind: 'categorical', size: 3 } },
      }) as unknown as Field;
    expect(() => rawInput(feature(name))).toThrow(
      expect.objectContaining({ code: 'EXPORT_NAME_TAKEN', where: `feature ${name}` }),
    );
    expect(rawInput(feature(`${name}s`))).toMatchObject({ name: `${name}s`, kind: 'category' });
  },
);
