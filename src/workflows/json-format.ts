// What a file of JSON says it is, by its key "format".
import { existsSync, readFileSync } from 'node:fs';
import { isObject } from '../config/layers.js';

/** Undefined where there is no such file, or nothing in it that says. */
export function jsonFormat(file: string): unknown {
  if (!existsSync(file)) return undefined;
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isObject(read) ? read['format'] : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || 'code' in (error as object)) return undefined;
    throw error;
  }
}
