// Sessions that tests of a process share: each holder's ends on its own, and a graph that is none is refused every time.
import { expect, it } from 'vitest';
import { add } from '../../src/graph/ops/algebra.js';
import { input } from '../../src/graph/ops/leaves.js';
import { loadSession, onnxruntime } from '../../src/runtime/onnxruntime.js';

const x = input('x', [2]);
const program = { outputs: { doubled: add(x, x) } };
const fed = { x: { data: Float32Array.of(1, 2), shape: [2] } };
const doubled = { doubled: { data: Float32Array.of(2, 4), shape: [2] } };

it('one that was released runs no more, and is not released twice; the other goes on', async () => {
  const [one, other] = await Promise.all([onnxruntime.compile(program), onnxruntime.compile(program)]);
  expect(await one.run(fed)).toEqual(doubled);
  await one.dispose();
  await expect(one.run(fed)).rejects.toThrow('was released');
  await expect(one.dispose()).rejects.toThrow('was released');
  expect(await other.run(fed)).toEqual(doubled);
  await other.dispose();
});

it('bytes that are no graph are refused, the second time too', async () => {
  for (let n = 0; n < 2; n++)
    await expect(loadSession(Uint8Array.of(1, 2, 3))).rejects.toThrow(/protobuf|model/i);
});
