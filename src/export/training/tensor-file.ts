// Tensors of several types in the safetensors layout, which numpy and every other engine read.
import { writeFileAtomic } from '../../atomic-files.js';
import { InternalError } from '../../errors.js';

export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

export interface AnyTensor {
  readonly shape: readonly number[];
  readonly data: TensorData;
}

function typeOf(data: TensorData): string {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Int32Array) return 'I32';
  if (data instanceof BigInt64Array) return 'I64';
  if (data instanceof Uint8Array) return 'U8';
  throw new InternalError('a tensor of no type that is written');
}

/** Writes the file whole or not at all. */
export async function writeAnyTensors(path: string, tensors: ReadonlyMap<string, AnyTensor>): Promise<void> {
  const header: Record<string, object> = {};
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: typeOf(data), shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const bytes = Buffer.alloc(start + offset, 0x20);
  bytes.writeBigUInt64LE(BigInt(start - 8), 0);
  text.copy(bytes, 8);
  let at = start;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  await writeFileAtomic(path, bytes);
}
