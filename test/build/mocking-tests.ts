// Which test files put other modules in place of ours, and so cannot share what is loaded with others.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files under `root`/test whose name ends like this, as `test/…`. */
export function filesOfTests(root: string, end: string): readonly string[] {
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(end))
    .map((name) => `test/${name.replaceAll('\\', '/')}`)
    .sort();
}

export const mockingTests = (root: string): string[] =>
  filesOfTests(root, '.test.ts').filter((path) =>
    /^vi\.mock\(/m.test(readFileSync(join(root, path), 'utf8')),
  );
