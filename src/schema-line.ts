// The first line of a recipe or descriptor, by which an editor finds the JSON Schema of it.
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { packageRoot } from './package-root.js';

/** Files in `schemas/` of the package. */
export const SCHEMA_FILES = {
  recipe: 'recipe.schema.json',
  descriptor: 'descriptor.schema.json',
} as const;
export type SchemaKind = keyof typeof SCHEMA_FILES;

/**
 * The line for a file at `path`: it names the schema of the package in the project's `node_modules`, or in a clone the clone's own;
 * relative, so that the project may be moved.
 */
export function schemaLine(kind: SchemaKind, path: string, cwd: string): string {
  const installed = resolve(cwd, 'node_modules', 'limaml');
  const isClone = !existsSync(installed) && !relative(packageRoot(), resolve(cwd)).startsWith('..');
  const file = join(isClone ? packageRoot() : installed, 'schemas', SCHEMA_FILES[kind]);
  return `# yaml-language-server: $schema=${relative(dirname(path), file).replaceAll('\\', '/')}`;
}
