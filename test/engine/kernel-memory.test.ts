// Memory shared by threads and kernels: pieces apart from each other, found by other threads, refused where there is no room.
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeptBytes, KernelMemory } from '../../src/engine/memory/kernel-memory.js';

it('hands out zeros that nobody else has, on cache lines', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 12 }), (lengths) => {
      const memory = new KernelMemory();
      const pieces = lengths.map((length) => memory.floats(length)!);
      expect(pieces.every((piece) => piece.every((x) => x === 0))).toBe(true);
      for (const [i, piece] of pieces.entries()) piece.fill(i + 1);
      pieces.forEach((piece, i) => {
        expect(piece.length).toBe(lengths[i]);
        expect(piece.byteOffset % 64).toBe(0);
        expect(piece.every((x) => x === i + 1)).toBe(true);
      });
    }),
    { numRuns: 10 },
  );
});

it('knows its own floats by address, also from before it grew, and no others', () => {
  const memory = new KernelMemory();
  const early = memory.floats(10)!;
  const late = memory.floats(1_000_000)!;
  expect(late.buffer).not.toBe(early.buffer);
  for (const floats of [early, late, late.subarray(5)]) {
    const at = memory.addressOf(floats)!;
    floats[3] = 7;
    expect(new Float32Array(memory.buffer(), at, 4)[3]).toBe(7);
    expect(memory.addressOf(floats, 3)).toBe(at + 12);
    expect(memory.find(memory.place(floats))).toEqual(floats);
  }
  const elsewhere = new Float32Array(new SharedArrayBuffer(16));
  expect(memory.addressOf(elsewhere)).toBeUndefined();
  expect(memory.find(memory.place(elsewhere))).toBe(elsewhere);
  expect(memory.addressOf(new KernelMemory().floats(4)!)).toBeUndefined();
});

it('has no room for numbers beyond three gigabytes, and keeps the rest for what steps need', () => {
  const memory = new KernelMemory();
  // Reserved only: nothing of it is touched.
  expect(memory.floats(2 ** 30 - 2 ** 20)).toBeUndefined();
  expect(memory.floats(2 ** 18)).toBeDefined();
  expect(() => memory.bytes(2 ** 32)).toThrow('do not fit');
  // A refusal takes nothing.
  expect(memory.addressOf(memory.floats(1)!)).toBe(64 + 2 ** 20);
});

it('keeps bytes for as long as they are enough', () => {
  const kept = new KeptBytes(new KernelMemory());
  const first = kept.atLeast(100);
  expect([kept.atLeast(50), kept.atLeast(100)]).toEqual([first, first]);
  const second = kept.atLeast(101);
  expect(second).toBeGreaterThanOrEqual(first + 100);
  // Twice as many, so that a batch that grows little by little does not take new ones each time.
  expect(kept.atLeast(200)).toBe(second);
});

it('is one memory for all threads, whoever lets it grow', async () => {
  const memory = new KernelMemory();
  const script = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData.module).then(({ KernelMemory }) => {
      const memory = new KernelMemory(workerData.memory);
      const pieces = Array.from({ length: 50 }, () => memory.floats(20000).fill(workerData.mark));
      parentPort.postMessage(pieces.map((piece) => memory.place(piece)));
    });`;
  const module = new URL('../../dist/src/engine/memory/kernel-memory.js', import.meta.url).href;
  const placed = await Promise.all(
    [1, 2, 3].map(
      (mark) =>
        new Promise<readonly { at: number; length: number }[]>((resolve, reject) => {
          const worker = new Worker(script, {
            eval: true,
            workerData: { memory: memory.memory, module, mark },
          });
          worker.once('message', resolve);
          worker.once('error', reject);
        }),
    ),
  );
  const own = memory.floats(10)!.fill(9);
  placed.forEach((places, i) => {
    expect(places.length).toBe(50);
    for (const place of places) {
      const floats = memory.find(place);
      expect([floats[0], floats[19_999]]).toEqual([i + 1, i + 1]);
    }
  });
  expect(new Set(placed.flat().map(({ at }) => at)).size).toBe(150);
  expect([...own]).toEqual(Array(10).fill(9));
});
