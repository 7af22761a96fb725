// The next element is made while the present one is used.
import { expect, it } from 'vitest';
import { oneAhead } from '../src/one-ahead.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function counted(length: number, log: string[], failAt?: number): AsyncGenerator<number> {
  return (async function* () {
    try {
      for (let i = 0; i < length; i++) {
        if (i === failAt) throw new Error('no more');
        log.push(`made ${i}`);
        yield i;
      }
    } finally {
      log.push('closed');
    }
  })();
}

it('gives every element in order, each made one use ahead', async () => {
  const log: string[] = [];
  for await (const i of oneAhead(counted(3, log))) {
    log.push(`begin ${i}`);
    await pause(5);
    log.push(`end ${i}`);
  }
  expect(log).toEqual([
    'made 0',
    'begin 0',
    'made 1',
    'end 0',
    'begin 1',
    'made 2',
    'end 1',
    'begin 2',
    'closed',
    'end 2',
  ]);
});

it('closes its source when the user stops early', async () => {
  const log: string[] = [];
  for await (const i of oneAhead(counted(100, log))) if (i === 1) break;
  expect(log.at(-1)).toBe('closed');
  expect(log.filter((line) => line.startsWith('made')).length).toBeLessThan(5);
});

it('passes a fault of the source on, after the elements before it', async () => {
  const log: string[] = [];
  const seen: number[] = [];
  const all = async (): Promise<void> => {
    for await (const i of oneAhead(counted(5, log, 2))) {
      seen.push(i);
      await pause(2);
    }
  };
  await expect(all()).rejects.toThrow('no more');
  expect(seen).toEqual([0, 1]);
});

it('leaves the fault of a user who stops as it is, though the source fails too', async () => {
  const log: string[] = [];
  const all = async (): Promise<void> => {
    for await (const _ of oneAhead(counted(5, log, 1))) {
      await pause(5);
      throw new Error('the user');
    }
  };
  await expect(all()).rejects.toThrow('the user');
});
