// Events of items that the bundle's tables know nothing of are taken in by a refresh, and counted.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BUNDLE } from '../bundle/committed-bundle.js';
import { runMain } from '../cli/in-process.js';

it('a refresh tells how many support rows are of items without features', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'limaml-unknown-'));
  const refresh = (items: readonly string[], ...flags: readonly string[]) =>
    runMain(['refresh', '--bundle', BUNDLE, '--out', 'new', '--events', '-', ...flags], {
      cwd,
      // Members without any events of before: their support is these rows.
      stdin: ['entity,item,timestamp_ms,label,price']
        .concat(
          items.map((item, n) => `new${n % 2},${item},${1_700_000_000_000 + n},1,3`),
          '',
        )
        .join('\n'),
    });
  const { code, stdout } = await refresh(['film-2', 'f2', 'film-3'], '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ added: 2, supportRows: 3, unknownItems: 2 });
  const strange = await refresh(['film-2', 'f2', 'film-3']);
  expect(strange.stdout).toMatch(/^not known +2 of their 3 support rows without features: /m);
  expect((await refresh(['f2', 'f3'])).stdout).not.toContain('not known');
  rmSync(cwd, { recursive: true });
});
