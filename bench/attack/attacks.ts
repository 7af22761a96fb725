// Every kind of attack, in the order of the table.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Attack, type AttackOptions, contextFor, placesIn } from './context.js';
import { damageAttack } from './damage.js';
import { determinismAttack } from './determinism.js';
import { fuzzAttack } from './fuzz.js';
import { hostileAttack } from './hostile.js';
import { killAttack } from './kills.js';
import type { Tally } from './outcome.js';
import { pathAttack } from './paths.js';
import { signalAttack } from './signals.js';
import { writerAttack } from './writers.js';

export const ATTACKS: readonly Attack[] = [
  killAttack,
  signalAttack,
  damageAttack,
  writerAttack,
  pathAttack,
  hostileAttack,
  fuzzAttack,
  determinismAttack,
];

/** Runs attacks one after the other on projects of their own; `ended` hears of each. */
export async function runAttacks(
  attacks: readonly Attack[],
  options: AttackOptions,
  ended: (attack: Attack, tally: Tally, seconds: number) => void,
): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'limaml-attack-'));
  try {
    const places = await placesIn(work);
    for (const attack of attacks) {
      const began = Date.now();
      const tally = await attack.run(contextFor(attack.kind, places, options));
      ended(attack, tally, (Date.now() - began) / 1000);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
