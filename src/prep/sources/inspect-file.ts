// One pass over a raw file's bytes: its hash, and whether its compression is whole (DuckDB accepts a cut-off .gz or .zst).
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { UserError } from '../../errors.js';
import { fileStream } from '../../file-stream.js';
import { zstdFrameWalker } from './zstd-frames.js';

export interface InspectedFile {
  /** Relative to the data directory. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Hashes a raw file. Throws `UserError` DATA_FILE_DAMAGED for a cut-off or corrupted .gz or .zst. */
export async function inspectFile(directory: string, file: string): Promise<InspectedFile> {
  const path = join(directory, file);
  const hash = createHash('sha256');
  let bytes = 0;
  const walker = file.endsWith('.zst') ? zstdFrameWalker() : undefined;
  const source = await fileStream(path);
  source.on('data', (chunk) => {
    const block = chunk as Buffer;
    bytes += block.length;
    hash.update(block);
    walker?.push(block);
  });
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    if (file.endsWith('.gz')) await pipeline(source, createGunzip(), nowhere);
    else await pipeline(source, nowhere);
  } catch (error) {
    throw damaged(file, error as NodeJS.ErrnoException);
  }
  const fault = walker?.finish();
  if (fault !== undefined) throw damaged(file, new Error(fault));
  return { file, bytes, sha256: hash.digest('hex') };
}

function damaged(file: string, error: NodeJS.ErrnoException): Error {
  if (error.code !== undefined && !error.code.startsWith('Z_')) {
    if (!['EACCES', 'EPERM', 'EISDIR'].includes(error.code)) return error;
    return new UserError({
      code: 'DATA_FILE_UNREADABLE',
      where: file,
      what: `The file cannot be read: ${error.message}.`,
      next:
        error.code === 'EISDIR'
          ? 'Name files, or a pattern such as folder/*.csv.'
          : 'Change its permissions.',
    });
  }
  return new UserError({
    code: 'DATA_FILE_DAMAGED',
    where: file,
    what: `The compressed file is not whole: ${error.message}.`,
    next: 'Fetch it again, or unpack it and check where it ends.',
  });
}
