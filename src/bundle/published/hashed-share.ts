// A number from 0 to 1 for an ID: the same for the same seed, on every machine.
import { createHash } from 'node:crypto';

export const hashedShare = (id: string, seed: number): number =>
  createHash('md5').update(`${id}:${seed}`).digest().readUInt32LE(0) / 2 ** 32;
