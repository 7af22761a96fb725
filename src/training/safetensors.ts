// Float32 tensors in the safetensors layout: eight bytes of header length, a JSON header, then the raw values.
// Anyone can read it, nothing in it is executed.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeFileAtomic } from '../atomic-files.js';
import { UserError } from '../errors.js';
import { canonicalJson } from '../hash.js';

export interface NamedTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

interface TensorFile {
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const size = z.int().min(0);
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(size),
  data_offsets: z.tuple([size, size]),
});
type HeaderEntry = Readonly<z.output<typeof entrySchema>>;

/** Key in the metadata: SHA-256 of all else in the file. */
const CHECKSUM = 'sha256';

/**
 * Writes the file whole or not at all. Equal content gives equal bytes. With `checksum` the file proves itself; without, another file
 * must hold its hash.
 */
export async function writeTensors(
  path: string,
  { tensors, metadata }: TensorFile,
  { checksum = false } = {},
): Promise<void> {
  const entries: Record<string, HeaderEntry> = {};
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    entries[name] = { dtype: 'F32', shape: [...shape], data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const bodies = [...tensors.values()].map(({ data }) => bytesOf(data));
  const proof = checksum ? { [CHECKSUM]: checksumOf(metadata, entries, bodies) } : {};
  const header = { __metadata__: { ...metadata, ...proof }, ...entries };
  const text = Buffer.from(JSON.stringify(header));
  const padded = Math.ceil(text.length / 8) * 8;
  const bytes = Buffer.alloc(8 + padded + offset, 0x20);
  bytes.writeBigUInt64LE(BigInt(padded), 0);
  text.copy(bytes, 8);
  let at = 8 + padded;
  for (const body of bodies) {
    bytes.set(body, at);
    at += body.length;
  }
  await writeFileAtomic(path, bytes);
}

/** Reads a file back. Throws UserError CHECKPOINT_DAMAGED when it is cut short, not in this layout, or not what its checksum says. */
export async function readTensors(path: string): Promise<TensorFile> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' || error.code === 'EISDIR'
      ? checkpointDamaged(path, 'It does not exist.')
      : error;
  });
  if (bytes.length < 8)
    throw checkpointDamaged(path, `It has ${bytes.length} bytes; the header alone needs more.`);
  const length = Number(bytes.readBigUInt64LE(0));
  if (8 + length > bytes.length) throw checkpointDamaged(path, 'Its header is cut short.');
  const { metadata, entries } = headerOf(bytes.toString('utf8', 8, 8 + length), path);
  const { [CHECKSUM]: expected, ...rest } = metadata;
  if (expected !== undefined && expected !== checksumOf(rest, entries, [bytes.subarray(8 + length)]))
    throw checkpointDamaged(path, 'Its content is not what its checksum says: it was changed.');
  const tensors = new Map<string, NamedTensor>();
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(entries)) {
    const [from, to] = offsets.map((offset) => 8 + length + offset) as [number, number];
    const count = shape.reduce((product, dim) => product * dim, 1);
    if (dtype !== 'F32' || to > bytes.length || to - from !== 4 * count)
      throw checkpointDamaged(path, `Tensor "${name}" (${dtype} [${shape}]) does not fit the file.`);
    const data = new Float32Array(count);
    bytesOf(data).set(bytes.subarray(from, to));
    tensors.set(name, { shape, data });
  }
  return { tensors, metadata: rest };
}

function headerOf(
  text: string,
  path: string,
): { readonly metadata: Record<string, string>; readonly entries: Record<string, HeaderEntry> } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw checkpointDamaged(path, `Its header is not JSON: ${(error as Error).message}.`);
  }
  const header = z.record(z.string(), z.unknown()).safeParse(json);
  if (!header.success) throw checkpointDamaged(path, 'Its header is no list of tensors.');
  const { __metadata__: said = {}, ...tensors } = header.data;
  const metadata = z.record(z.string(), z.string()).safeParse(said);
  const entries = z.record(z.string(), entrySchema).safeParse(tensors);
  if (metadata.success && entries.success) return { metadata: metadata.data, entries: entries.data };
  const issue = (metadata.error ?? entries.error)?.issues[0];
  throw checkpointDamaged(path, `Its header is odd: ${issue?.path.join('.')}: ${issue?.message}.`);
}

function checksumOf(
  metadata: Readonly<Record<string, string>>,
  entries: Readonly<Record<string, HeaderEntry>>,
  bodies: readonly Uint8Array[],
): string {
  const hash = createHash('sha256').update(canonicalJson({ metadata, entries }));
  for (const body of bodies) hash.update(body);
  return hash.digest('hex');
}

function bytesOf(data: Float32Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

export function checkpointDamaged(path: string, what: string): UserError {
  return new UserError({
    code: 'CHECKPOINT_DAMAGED',
    where: path,
    what: `This checkpoint cannot be read. ${what}`,
    next: 'Restore it, or train again.',
  });
}
