// The TensorFlow.js executor beyond its numbers: memory, types, feeds.

import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { InternalError, UserError } from '../../src/errors.js';
import { makeNode, type Op } from '../../src/graph/ir/node.js';
import { add, mul, reshape, sum } from '../../src/graph/ops/algebra.js';
import { exp } from '../../src/graph/ops/elementwise.js';
import { constant, input, tensor } from '../../src/graph/ops/leaves.js';
import { gather } from '../../src/graph/ops/lookup.js';
import { tfjs } from '../../src/runtime/tfjs.js';

const x = input('x', ['rows', 2]);
const fed = { x: { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] } };

describe('memory', () => {
  it('is as before after every run', async () => {
    const table = tensor(Float32Array.of(1, 2, 3, 4), [2, 2]);
    const rows = gather(table, input('at', ['rows'], 'int64'));
    const program = {
      outputs: { all: add(mul(x, rows), exp(x)), flat: reshape(x, ['rows*2']), same: x, again: x },
    };
    const compiled = await tfjs.compile(program);
    const before = tf.memory();
    for (let run = 0; run < 3; run++)
      await compiled.run({ ...fed, at: { data: BigInt64Array.of(1n, 0n), shape: [2] } });
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
    expect(tf.memory().numBytes).toBe(before.numBytes);
  });

  it('is as before after a run that failed half-way', async () => {
    const broken: Op = {
      name: 'broken',
      shape: ([only]) => only!.shape,
      gradient: [null],
      onnx: () => '',
      tfjs: () => {
        throw new Error('half-way');
      },
    };
    const compiled = await tfjs.compile({ outputs: { y: makeNode(broken, [exp(x)]) } });
    const before = tf.memory().numTensors;
    await expect(compiled.run(fed)).rejects.toThrow('half-way');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('holds no more than what is still needed at any time', async () => {
    let y = x;
    for (let i = 0; i < 50; i++) y = add(y, constant(1));
    const compiled = await tfjs.compile({ outputs: { y } });
    const { peakBytes } = await tf.profile(async () => {
      await compiled.run(fed);
    });
    // Two tensors of 16 bytes and a scalar, not fifty.
    expect(peakBytes).toBeLessThanOrEqual(100);
  });
});

describe('results', () => {
  it('are copies, so that a fed array may be changed afterwards', async () => {
    const data = Float32Array.of(1, 2);
    const compiled = await tfjs.compile({ outputs: { y: input('y', [2]) } });
    const { y } = await compiled.run({ y: { data, shape: [2] } });
    data[0] = 9;
    expect(y).toEqual({ data: Float32Array.of(1, 2), shape: [2] });
  });

  it('keep 64-bit integers where 32 bits hold them, and say so where not', async () => {
    const at = input('at', ['rows'], 'int64');
    const compiled = await tfjs.compile({ outputs: { at } });
    const small = { data: BigInt64Array.of(-5n, 2147483647n), shape: [2] };
    expect(await compiled.run({ at: small })).toEqual({ at: small });
    const large = compiled.run({ at: { data: BigInt64Array.of(2147483648n), shape: [1] } });
    await expect(large).rejects.toThrow(UserError);
    await expect(large).rejects.toMatchObject({ code: 'BACKEND_INTEGER_RANGE' });
  });
});

describe('feeds', () => {
  const z = input('z', ['rows', 'columns']);
  const program = { outputs: { total: sum(mul(x, sum(z, [1], true)), [0, 1]) } };

  it.each([
    ['missing', fed, 'input "z" is not fed'],
    ['of another rank', { ...fed, z: { data: Float32Array.of(1, 2), shape: [2] } }, 'takes [rows,columns]'],
    ['of another size', { ...fed, z: { data: new Float32Array(9), shape: [3, 3] } }, 'is fed [3,3]'],
    ['of another type', { ...fed, z: { data: new BigInt64Array(2), shape: [2, 1] } }, 'is fed int64'],
  ])('that are %s are named', async (_what, feeds, message) => {
    const compiled = await tfjs.compile(program);
    const run = compiled.run(feeds as Parameters<typeof compiled.run>[0]);
    await expect(run).rejects.toThrow(InternalError);
    await expect(run).rejects.toThrow(message);
  });

  it('that no input takes are left alone, as ONNX Runtime does', async () => {
    const compiled = await tfjs.compile({ outputs: { x } });
    expect(await compiled.run({ ...fed, other: fed.x })).toEqual({ x: fed.x });
  });
});

describe('a program', () => {
  it('names its inputs and refuses to run after it was disposed', async () => {
    const compiled = await tfjs.compile({ outputs: { y: exp(x) } });
    expect(compiled.inputs).toEqual(['x']);
    await compiled.dispose();
    await expect(compiled.run(fed)).rejects.toThrow(InternalError);
  });

  it('is refused for another device than the CPU', async () => {
    const compiling = tfjs.compile({ outputs: { x } }, { device: 'webgpu' });
    await expect(compiling).rejects.toMatchObject({ code: 'DEVICE_ABSENT', exitCode: 2 });
  });
});
