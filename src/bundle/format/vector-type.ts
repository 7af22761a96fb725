// How the numbers of stored vectors are kept: 32-bit floats, halves, or bytes with a scale. They are packed and unpacked here and nowhere else.
import { UserError } from '../../errors.js';

export const VECTOR_TYPES = ['float32', 'float16', 'int8'] as const;
export type VectorType = (typeof VECTOR_TYPES)[number];

/** Bytes of the scale that a vector of `int8` begins with. */
const SCALE_BYTES = 4;
const LARGEST_HALF = 65_504;
const LARGEST_BYTE = 127;

/** Bytes of one stored vector of `size` numbers. */
export const vectorBytes = (type: VectorType, size: number): number =>
  ({ float32: 4 * size, float16: 2 * size, int8: SCALE_BYTES + size })[type];

/** What a manifest says of vectors that are kept so. */
export const keptAs = (type: VectorType, size: number) =>
  ({
    type,
    bytes: vectorBytes(type, size),
    scale: type === 'int8' ? 'each vector' : 'none',
  }) as const;

/**
 * A vector as it is stored, little endian: floats of 32 or 16 bits, or a 32-bit scale and a signed byte a number, which times the scale
 * is the number. Throws UserError VECTOR_TOO_LARGE for a number that no half is near.
 */
export function packVector(type: VectorType, vector: Float32Array): Uint8Array {
  const bytes = new Uint8Array(vectorBytes(type, vector.length));
  const view = new DataView(bytes.buffer);
  if (type === 'float32') for (let i = 0; i < vector.length; i++) view.setFloat32(4 * i, vector[i]!, true);
  else if (type === 'float16')
    for (let i = 0; i < vector.length; i++) view.setUint16(2 * i, halfBits(vector[i]!), true);
  else {
    const scale = scaleOf(vector);
    view.setFloat32(0, scale, true);
    for (let i = 0; i < vector.length; i++)
      view.setInt8(SCALE_BYTES + i, scale === 0 ? 0 : Math.round(vector[i]! / scale));
  }
  return bytes;
}

/** Puts the numbers of a stored vector into `into`, from `at` on. */
export function unpackVector(type: VectorType, bytes: Uint8Array, into: Float32Array, at: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === 'float32')
    for (let i = 0; 4 * i < bytes.length; i++) into[at + i] = view.getFloat32(4 * i, true);
  else if (type === 'float16')
    for (let i = 0; 2 * i < bytes.length; i++) into[at + i] = halfValue(view.getUint16(2 * i, true));
  else {
    const scale = view.getFloat32(0, true);
    for (let i = 0; SCALE_BYTES + i < bytes.length; i++) into[at + i] = view.getInt8(SCALE_BYTES + i) * scale;
  }
}

/** What is read back of vectors [rows × size] that are stored so; stored again it is the same. */
export function asStored(type: VectorType, vectors: Float32Array, size: number): Float32Array {
  if (type === 'float32') return vectors;
  const read = new Float32Array(vectors.length);
  for (let at = 0; at < vectors.length; at += size)
    unpackVector(type, packVector(type, vectors.subarray(at, at + size)), read, at);
  return read;
}

/** How far apart two numbers may be stored that were all but equal: a step of the type. `largest`: of the vector. */
export const storedStep = (type: VectorType, value: number, largest: number): number =>
  ({
    float32: 0,
    float16: Math.max(Math.abs(value) * 2 ** -10, 2 ** -24),
    int8: Math.max((1.01 * largest) / LARGEST_BYTE, 2 ** -92),
  })[type];

const largestOf = (vector: Float32Array): number =>
  vector.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);

/** Rounded up to 17 bits, so that 127 times it is a 32-bit float and the scale of what is read back is the same. */
function scaleOf(vector: Float32Array): number {
  const largest = largestOf(vector);
  if (largest > 2 ** 126) throw tooLarge(largest, 'bytes with a scale end at 2 ** 126');
  const exact = largest / LARGEST_BYTE;
  // Nothing beside what any model gives.
  if (exact < 2 ** -100) return 0;
  const step = 2 ** (Math.floor(Math.log2(exact)) - 16);
  return Math.fround(Math.ceil(exact / step) * step);
}

/** The bits of the half nearest to a number, of two the even one. */
function halfBits(value: number): number {
  const size = Math.abs(value);
  // Beyond this the nearest half is infinite.
  if (!(size < LARGEST_HALF + 16)) throw tooLarge(value, `16-bit floats end at ${LARGEST_HALF}`);
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const exponent = size < 2 ** -14 ? -14 : Math.floor(Math.log2(size));
  const steps = size / 2 ** (exponent - 10);
  const down = Math.floor(steps);
  const rest = steps - down;
  const rounded = rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
  // A number that rounds up to the next power of two carries into the exponent by itself.
  return sign | (size < 2 ** -14 ? rounded : ((exponent + 14) << 10) + rounded);
}

function halfValue(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -size : size;
}

const tooLarge = (value: number, end: string): UserError =>
  new UserError({
    code: 'VECTOR_TOO_LARGE',
    what: `A vector holds ${value}: ${end}.`,
    next: 'Keep 32-bit floats (--vectors float32). Nothing was written.',
  });
