// npm run attack -- [--short] [--only kills,fuzz] [--seed N] [--keep DIR] [--write]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EXIT } from '../../src/errors.js';
import { packageRoot } from '../../src/package-root.js';
import { ATTACKS, runAttacks } from './attacks.js';
import { type TableRow, textTable, writeTable } from './table.js';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    /** Folder for inputs that broke something. */
    keep: { type: 'string' },
    /** Renews the table in docs/reliability.md. */
    write: { type: 'boolean', default: false },
  },
});
const kinds = ATTACKS.map(({ kind }) => kind);
const only = values.only?.split(',');
const unknown = only?.filter((kind) => !kinds.includes(kind)) ?? [];
const seed = Number(values.seed);
if (unknown.length > 0 || !Number.isInteger(seed) || (values.write && values.short)) {
  process.stderr.write(
    `error ATTACK_BAD_FLAG  ${unknown.join(', ') || '--seed, or --write with --short'}\n  Kinds: ${kinds.join(', ')}.\n`,
  );
  process.exit(EXIT.userError);
}

const rows: TableRow[] = [];
await runAttacks(
  ATTACKS.filter(({ kind }) => only === undefined || only.includes(kind)),
  {
    seed,
    long: !values.short,
    note: (text) => process.stderr.write(`${text}\n`),
    keep: values.keep,
  },
  (attack, tally, seconds) => {
    rows.push({ attack, tally });
    process.stderr.write(`${attack.kind}: ${tally.tries} tries, ${Math.round(seconds)} s\n`);
  },
);
if (values.write) writeTable(join(packageRoot(), 'docs', 'reliability.md'), rows, kinds);
process.stdout.write(`${textTable(rows)}\n`);
process.exit(rows.some(({ tally }) => tally.wrong.length > 0) ? EXIT.checkFailed : EXIT.done);
