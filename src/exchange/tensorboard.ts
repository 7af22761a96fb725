// TensorBoard event files: TFRecords of Event messages, as TensorBoard's own reader expects them.
import { join } from 'node:path';
import { writeFileAtomic } from '../atomic-files.js';
import { MessageWriter } from '../graph/onnx/protobuf.js';
import type { RunDescription } from '../runs/describe.js';
import type { TimingRecord } from '../runs/metrics-log.js';
import { scalarSeries } from './scalars.js';

/** Writes `<folder>/<experiment>/<run>/events.out.tfevents.…` and returns its path. Equal runs give equal bytes. */
export async function writeTensorboard(
  folder: string,
  run: RunDescription,
  timings: readonly TimingRecord[],
): Promise<string> {
  const startedMs = Date.parse(run.provenance.startedAt);
  const events = [event(startedMs, 0).bytes(3, 'brain.Event:2')];
  for (const [tag, points] of scalarSeries(run, timings))
    for (const { step, atMs, value } of points)
      events.push(
        event(atMs, step).message(
          5,
          new MessageWriter().message(1, new MessageWriter().bytes(1, tag).float(2, value)),
        ),
      );
  const path = join(
    folder,
    run.experiment,
    run.id,
    `events.out.tfevents.${Math.floor(startedMs / 1000)}.limaml`,
  );
  await writeFileAtomic(path, Buffer.concat(events.map((message) => record(message.finish()))));
  return path;
}

/** An Event with its wall time (field 1, seconds as a double) and step (field 2). */
function event(atMs: number, step: number): MessageWriter {
  return new MessageWriter().double(1, atMs / 1000).integer(2, step);
}

/** TFRecord framing: length, its masked checksum, the data, its masked checksum. */
function record(data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(16 + data.length);
  bytes.writeBigUInt64LE(BigInt(data.length), 0);
  bytes.writeUInt32LE(maskedChecksum(bytes.subarray(0, 8)), 8);
  bytes.set(data, 12);
  bytes.writeUInt32LE(maskedChecksum(data), 12 + data.length);
  return bytes;
}

/** CRC-32C rotated by 15 bits plus a constant, so that a checksum of checksums is none. */
export function maskedChecksum(data: Uint8Array): number {
  const checksum = crc32c(data);
  return (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;
}

/** CRC-32C (Castagnoli), reflected. Node's own crc32 is another polynomial. */
export function crc32c(data: Uint8Array): number {
  let state = 0xffffffff;
  for (const byte of data) state = TABLE[(state ^ byte) & 255]! ^ (state >>> 8);
  return (state ^ 0xffffffff) >>> 0;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let state = byte;
  for (let bit = 0; bit < 8; bit++) state = state & 1 ? (state >>> 1) ^ 0x82f63b78 : state >>> 1;
  return state >>> 0;
});
