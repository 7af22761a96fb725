// The ONNX Runtime executor beyond its numbers: results, names, devices.

import { describe, expect, it } from 'vitest';
import { differentiate } from '../../src/graph/differentiate.js';
import { add, mul, sum } from '../../src/graph/ops/algebra.js';
import { exp, step } from '../../src/graph/ops/elementwise.js';
import { constant, input } from '../../src/graph/ops/leaves.js';
import { BACKEND_NAMES, loadExecutor } from '../../src/runtime/backends.js';
import { onnxruntime, onnxruntimeVersion } from '../../src/runtime/onnxruntime.js';

const x = input('x', ['rows', 2]);
const fed = { x: { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] } };

describe('ONNX Runtime', () => {
  it('returns plain data with its shape', async () => {
    const compiled = await onnxruntime.compile({ outputs: { doubled: add(x, x), total: sum(x, [0, 1]) } });
    expect(await compiled.run(fed)).toEqual({
      doubled: { data: Float32Array.of(2, 4, 6, 8), shape: [2, 2] },
      total: { data: Float32Array.of(10), shape: [] },
    });
    await compiled.dispose();
  });

  it('takes inputs by any name, also one that looks like the name of a node', async () => {
    const names = ['n0', 'n1', 'n2', 'constant0'];
    const inputs = names.map((name) => input(name, [1]));
    const total = inputs.map(exp).reduce(add);
    const compiled = await onnxruntime.compile({ outputs: { n3: mul(total, constant(2)) } });
    const feeds = Object.fromEntries(names.map((name) => [name, { data: Float32Array.of(0), shape: [1] }]));
    expect((await compiled.run(feeds))['n3']).toEqual({ data: Float32Array.of(8), shape: [1] });
  });

  it('takes the step of every normal number, however small or large, and of zero', async () => {
    const values = [0, -0, 1.2e-38, -1.2e-38, 1e-20, 0.5, 1, -1, 3.4e38, -3.4e38, Infinity, -Infinity];
    const compiled = await onnxruntime.compile({ outputs: { y: step(input('z', ['rows'])) } });
    const feeds = { z: { data: Float32Array.from(values), shape: [values.length] } };
    const found = (await compiled.run(feeds))['y']!.data as Float32Array;
    expect([...found].map(Number)).toEqual(values.map((value) => (value > 0 ? 1 : 0)));
  });

  it('refuses names that ONNX could not tell apart', async () => {
    await expect(onnxruntime.compile({ outputs: { x: exp(x) } })).rejects.toThrow('both named "x"');
    await expect(onnxruntime.compile({ outputs: { _3: exp(x) } })).rejects.toThrow(
      '"_3" is the name of a node',
    );
    const twice = add(input('a', [1]), input('a', [1]));
    await expect(onnxruntime.compile({ outputs: { twice } })).rejects.toThrow('two inputs are named "a"');
  });

  it('compiles the zero gradient of an input that nothing else needs', async () => {
    const unused = input('unused', ['rows', 'columns']);
    const [gradient] = differentiate(sum(x, [0, 1]), [unused]);
    const compiled = await onnxruntime.compile({ outputs: { gradient: gradient! } });
    const found = await compiled.run({ unused: { data: Float32Array.of(7, -7), shape: [2, 1] } });
    expect(found['gradient']!.shape).toEqual([2, 1]);
    expect(Array.from(found['gradient']!.data as Float32Array, Math.abs)).toEqual([0, 0]);
  });

  it('keeps a spare copy of nothing: results of one run survive the next', async () => {
    const compiled = await onnxruntime.compile({ outputs: { y: exp(x) } });
    const first = await compiled.run({ x: { data: new Float32Array(4), shape: [2, 2] } });
    await compiled.run(fed);
    expect(first['y']!.data).toEqual(Float32Array.of(1, 1, 1, 1));
    await compiled.dispose();
  });

  it('names its version and refuses a device that is not there', async () => {
    expect(onnxruntime.version).toBe(onnxruntimeVersion);
    expect(onnxruntimeVersion).toMatch(/^\d+\.\d+\.\d+/);
    const compiling = onnxruntime.compile({ outputs: { y: x } }, { device: 'cuda' });
    await expect(compiling).rejects.toMatchObject({ code: 'DEVICE_ABSENT', exitCode: 2 });
  });
});

describe('backends', () => {
  it('are at least three, and each that loads goes by its own name', async () => {
    expect(BACKEND_NAMES).toEqual(expect.arrayContaining(['onnxruntime', 'tfjs', 'tfjs-node']));
    for (const backend of ['onnxruntime', 'tfjs'] as const)
      expect((await loadExecutor(backend)).name).toBe(backend);
  });
});
