// Seeded fillings of workload arrays.
import type { RandomStream } from '../../src/random.js';
import type { Shaped } from './arrays.js';

const lengthOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Normal values of the given standard deviation. */
export function normals(stream: RandomStream, shape: readonly number[], deviation = 1): Shaped {
  const data = new Float32Array(lengthOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = deviation * stream.normal();
  return { shape, data };
}

/** Uniform values in [-bound, bound); much cheaper than normals where there are millions. */
export function uniforms(stream: RandomStream, shape: readonly number[], bound: number): Shaped {
  const data = new Float32Array(lengthOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = bound * (2 * stream.uniform() - 1);
  return { shape, data };
}

export function zeros(shape: readonly number[]): Shaped {
  return { shape, data: new Float32Array(lengthOf(shape)) };
}

/** Weights [inputs, outputs] of deviation 1/√inputs, as the scale of a linear layer wants. */
export function layer(stream: RandomStream, inputs: number, outputs: number): Shaped {
  return normals(stream, [inputs, outputs], 1 / Math.sqrt(inputs));
}

/** 1 with probability sigmoid(logit), else 0. */
export function coin(stream: RandomStream, logit: number): number {
  return stream.uniform() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
}
