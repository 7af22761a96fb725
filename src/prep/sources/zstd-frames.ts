// Whether a zstd file is whole. DuckDB reads a cut-off one to its last block and says nothing, so we walk the frames ourselves.
// Layout: RFC 8878, sections 3.1.1 and 3.1.2.

const FRAME = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;

type Need = 'magic' | 'skip-size' | 'descriptor' | 'header' | 'block' | 'body' | 'checksum';

/** Fed with the file's bytes in order; `finish` says what is wrong, or undefined for a whole file. */
export function zstdFrameWalker(): { push(bytes: Uint8Array): void; finish(): string | undefined } {
  let need: Need = 'magic';
  let wanted = 4;
  let held = Buffer.alloc(0);
  let skip = 0;
  let lastBlock = false;
  let checksum = false;
  let frames = 0;
  let fault: string | undefined;

  const expect = (next: Need, size: number): void => {
    need = next;
    wanted = size;
  };
  const endOfFrame = (): void => {
    frames++;
    expect('magic', 4);
  };
  const take = (field: Buffer): void => {
    if (need === 'magic') {
      const magic = field.readUInt32LE(0);
      if (magic === FRAME) expect('descriptor', 1);
      else if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) expect('skip-size', 4);
      else
        fault = frames === 0 ? 'it does not begin like a zstd file' : 'there is foreign data after a frame';
    } else if (need === 'skip-size') {
      skip = field.readUInt32LE(0);
      endOfFrame();
    } else if (need === 'descriptor') {
      const descriptor = field[0]!;
      const single = (descriptor >> 5) & 1;
      const sizeCode = descriptor >> 6;
      const contentSize = sizeCode === 0 ? single : 1 << sizeCode;
      checksum = ((descriptor >> 2) & 1) === 1;
      expect('header', (single ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]! + contentSize);
      if (wanted === 0) expect('block', 3);
    } else if (need === 'header') expect('block', 3);
    else if (need === 'block') {
      const block = field.readUIntLE(0, 3);
      const type = (block >> 1) & 3;
      lastBlock = (block & 1) === 1;
      if (type === 3) fault = 'a block has a reserved type';
      skip = type === 1 ? 1 : block >> 3;
      expect('body', 0);
    } else if (need === 'checksum') endOfFrame();
  };
  const afterBody = (): void => {
    if (!lastBlock) expect('block', 3);
    else if (checksum) expect('checksum', 4);
    else endOfFrame();
  };

  return {
    push: (bytes) => {
      let at = 0;
      while (fault === undefined) {
        if (skip > 0) {
          const jump = Math.min(skip, bytes.length - at);
          skip -= jump;
          at += jump;
          if (skip > 0) return;
        }
        if (need === 'body') {
          afterBody();
          continue;
        }
        const part = Math.min(wanted - held.length, bytes.length - at);
        held = Buffer.concat([held, bytes.subarray(at, at + part)]);
        at += part;
        if (held.length < wanted) return;
        const field = held;
        held = Buffer.alloc(0);
        take(field);
      }
    },
    finish: () => {
      if (fault !== undefined) return fault;
      if (need !== 'magic' || held.length > 0 || skip > 0) return 'it ends in the middle of a frame';
      return frames === 0 ? 'it is empty' : undefined;
    },
  };
}
