// `supports.json`: how many support rows validation rows are scored with, and what training episodes have of that.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { SupportRecord } from '../training/support-shares.js';
import { readRunJson, writeRunJson } from './json.js';

export const SUPPORTS = 'supports.json';

const sizes = z.array(z.number());
const schema = z.object({
  counted: z.object({ rows: z.number(), sizes }),
  used: z.object({ sizes, atLeast: z.number() }),
});

export function writeSupports(runPath: string, record: SupportRecord): Promise<void> {
  return writeRunJson(join(runPath, SUPPORTS), record);
}

/** Null where a run has none. Throws RUN_DAMAGED. */
export function readSupports(runPath: string): SupportRecord | null {
  const path = join(runPath, SUPPORTS);
  return existsSync(path) ? readRunJson(path, schema) : null;
}
