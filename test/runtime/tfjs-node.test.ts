// Loading the optional tfjs-node package: what it needs from Node, and what is said where it does not load.
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import { exp } from '../../src/graph/ops/elementwise.js';
import { input } from '../../src/graph/ops/leaves.js';
import { loadTfjsNode, restoreRemovedUtilities } from '../../src/runtime/tfjs-node.js';

describe('loading', () => {
  it('says that the package is not installed', async () => {
    const load = (name: string): never => {
      throw Object.assign(new Error(`Cannot find module '${name}'\nRequire stack:\n- here`), {
        code: 'MODULE_NOT_FOUND',
      });
    };
    await expect(loadTfjsNode(load)).rejects.toMatchObject({
      code: 'BACKEND_ABSENT',
      exitCode: 2,
      what: expect.stringContaining('is not installed'),
      next: expect.stringContaining('docs/backends.md'),
    });
  });

  it('says that the addon does not load, and why, in one line', async () => {
    const load = (): never => {
      throw new Error('The addon can not be found at path: lib.\nPlease run command x');
    };
    const loading = loadTfjsNode(load);
    await expect(loading).rejects.toThrow(UserError);
    await expect(loading).rejects.toMatchObject({
      code: 'BACKEND_ABSENT',
      what: expect.stringMatching(/does not load: The addon can not be found at path: lib\.$/),
    });
  });

  it('runs graphs on the library it was given', async () => {
    // The pure JavaScript library in the place of the compiled one, under the name of its backend.
    tf.registerBackend('tensorflow', () => tf.findBackend('cpu'));
    tf.copyRegisteredKernels('cpu', 'tensorflow');
    const executor = await loadTfjsNode(() => ({ ...tf, version: { ...tf.version, 'tfjs-node': '4.22.0' } }));
    expect([executor.name, executor.version]).toEqual(['tfjs-node', '4.22.0']);
    const compiled = await executor.compile({ outputs: { y: exp(input('x', [1])) } });
    const { y } = await compiled.run({ x: { data: Float32Array.of(0), shape: [1] } });
    expect(y).toEqual({ data: Float32Array.of(1), shape: [1] });
  });
});

describe('utilities that Node 23 removed', () => {
  it('are put back where they are missing', () => {
    const target: Record<string, unknown> = {};
    restoreRemovedUtilities(target);
    expect(Object.getOwnPropertyNames(target)).toEqual(['isNullOrUndefined', 'isArray']);
    const restored = target as { isNullOrUndefined(x: unknown): boolean; isArray(x: unknown): boolean };
    expect([null, undefined, 0, '', false].map(restored.isNullOrUndefined)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect([[], 'x'].map(restored.isArray)).toEqual([true, false]);
  });

  it('are left as they are where they exist, unless Node warns of them', () => {
    const target = { isNullOrUndefined: (): boolean => true, isArray: (): boolean => false };
    const { isNullOrUndefined } = target;
    restoreRemovedUtilities(target);
    expect(target.isNullOrUndefined).toBe(isNullOrUndefined);
    expect(target.isArray).toBe(Array.isArray);
  });
});
