// New events as a file that may be read more than once, with its hash and what its first bytes say of its format.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface EventsFile {
  readonly path: string;
  /** What errors and the manifest call it. */
  readonly name: string;
  readonly sha256: string;
  /** Undefined for compressed text: its bytes do not say. */
  readonly format: 'csv' | 'parquet' | 'jsonl' | undefined;
}

/** Copies a stream into `folder`, byte by byte; the ending of `name` that readers go by (`.gz`, `.zst`) is kept. */
export async function keepEvents(
  input: NodeJS.ReadableStream,
  name: string,
  folder: string,
): Promise<EventsFile> {
  const path = join(folder, `events${/\.(?:gz|zst)$/.exec(name)?.[0] ?? ''}`);
  const hash = createHash('sha256');
  const hashed = new Transform({
    transform(piece: Buffer, _encoding, done) {
      hash.update(piece);
      done(null, piece);
    },
  });
  await pipeline(input, hashed, createWriteStream(path));
  return {
    path,
    name,
    sha256: hash.digest('hex'),
    format: path.endsWith('events') ? await formatOf(path) : undefined,
  };
}

async function formatOf(path: string): Promise<EventsFile['format']> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    const text = buffer.subarray(0, bytesRead).toString('latin1');
    if (text.startsWith('PAR1')) return 'parquet';
    return /^(?:\u00ef\u00bb\u00bf)?\s*\{/.test(text) ? 'jsonl' : 'csv';
  } finally {
    await file.close();
  }
}
