// Float32 tensors in the safetensors layout: eight bytes of header length, a JSON header, then the raw values.
// Anyone can read it, nothing in it is executed.
import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from '../atomic-files.js';
import { UserError } from '../errors.js';

export interface NamedTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface TensorFile {
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Writes the file whole or not at all. Equal content gives equal bytes. */
export async function writeTensors(path: string, { tensors, metadata }: TensorFile): Promise<void> {
  const header: Record<string, HeaderEntry | Readonly<Record<string, string>>> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const padded = Math.ceil(text.length / 8) * 8;
  const bytes = Buffer.alloc(8 + padded + offset, 0x20);
  bytes.writeBigUInt64LE(BigInt(padded), 0);
  text.copy(bytes, 8);
  let at = 8 + padded;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  await writeFileAtomic(path, bytes);
}

/** Reads a file back. Throws UserError CHECKPOINT_DAMAGED when it is cut short or not in this layout. */
export async function readTensors(path: string): Promise<TensorFile> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw damaged(path, error.code === 'ENOENT' ? 'It does not exist.' : error.message);
  });
  if (bytes.length < 8) throw damaged(path, `It has ${bytes.length} bytes; the header alone needs more.`);
  const length = Number(bytes.readBigUInt64LE(0));
  if (8 + length > bytes.length) throw damaged(path, 'Its header is cut short.');
  let header: Record<string, HeaderEntry> & { __metadata__?: Record<string, string> };
  try {
    header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as typeof header;
  } catch (error) {
    throw damaged(path, `Its header is not JSON: ${(error as Error).message}.`);
  }
  const { __metadata__: metadata = {}, ...entries } = header;
  const tensors = new Map<string, NamedTensor>();
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(entries)) {
    const [from, to] = offsets.map((offset) => 8 + length + offset) as [number, number];
    const size = shape.reduce((product, dim) => product * dim, 1);
    if (dtype !== 'F32' || to > bytes.length || to - from !== 4 * size)
      throw damaged(path, `Tensor "${name}" (${dtype} [${shape}]) does not fit the file.`);
    const data = new Float32Array(size);
    new Uint8Array(data.buffer).set(bytes.subarray(from, to));
    tensors.set(name, { shape, data });
  }
  return { tensors, metadata };
}

function damaged(path: string, what: string): UserError {
  return new UserError({
    code: 'CHECKPOINT_DAMAGED',
    where: path,
    what: `This checkpoint cannot be read. ${what}`,
    next: 'Restore it, or train again.',
  });
}
