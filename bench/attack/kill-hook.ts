// Preloaded into a process: kills it without warning right after its KILL_AT-th change to the file system; KILL_LOG lists them.
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const killAt = Number(process.env['KILL_AT'] ?? 0);
const log = process.env['KILL_LOG'];
// Opened once: what Node itself calls to append a line would be counted.
const journal = log === undefined ? undefined : fs.openSync(log, 'a');
let count = 0;

function changed(name: string, args: readonly unknown[]): void {
  count += 1;
  if (journal !== undefined) fs.writeSync(journal, `${name} ${String(args[0]).replaceAll('\n', ' ')}\n`);
  if (count === killAt) process.kill(process.pid, 'SIGKILL');
}

type Call = (...args: unknown[]) => unknown;

function replace(module: object, names: readonly string[], wrap: (name: string, real: Call) => Call): void {
  const calls = module as Record<string, Call>;
  for (const name of names) {
    const real = calls[name];
    if (real !== undefined) calls[name] = wrap(name, real);
  }
}

const opensToRead = (name: string, args: readonly unknown[]): boolean =>
  name === 'open' && (args[1] ?? 'r') === 'r';

replace(
  promises,
  ['open', 'rename', 'mkdir', 'mkdtemp', 'rm', 'unlink', 'writeFile', 'appendFile', 'copyFile', 'cp', 'link'],
  (name, real) =>
    async (...args) => {
      const result = await real(...args);
      if (!opensToRead(name, args)) changed(name, args);
      return result;
    },
);
replace(
  fs,
  ['renameSync', 'mkdirSync', 'rmSync', 'unlinkSync', 'writeFileSync', 'linkSync', 'copyFileSync'],
  (name, real) =>
    (...args) => {
      const result = real(...args);
      changed(name, args);
      return result;
    },
);
syncBuiltinESMExports();
