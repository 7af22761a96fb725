// The one place that catches: every failure becomes a message and an exit code here.

import { EXIT } from '../errors.js';
import { packageVersion } from '../package-root.js';
import { COMMANDS } from './commands.js';
import { explainFailure } from './failure/explain.js';
import { buildProgram } from './program.js';
import { COMMON_FLAGS } from './spec/flags.js';
import type { Host } from './terminal/host.js';

/** Runs the host's command line. Returns the exit code: 0 done, 1 check failed, 2 user error, 3 our bug. */
export async function main(host: Host): Promise<number> {
  const { argv } = host;
  if (argv.length === 1 && argv[0] === '--version') {
    const { codeDigest } = await import('../runs/gather-provenance.js');
    // The same that a run records, so that it can be told which program made it.
    host.stdout.write(`${packageVersion()} (code ${codeDigest().slice(0, 12)})\n`);
    return EXIT.done;
  }
  let shown = false;
  const program = buildProgram(COMMANDS, host, () => {
    shown = true;
  });
  try {
    // `limaml` alone is what is here, and so it is with the flags that every command has.
    const here = argv.every((word) => word.startsWith('--') && Object.hasOwn(COMMON_FLAGS, word.slice(2)));
    await program.parseAsync(here ? ['here', ...argv] : [...argv], { from: 'user' });
    return EXIT.done;
  } catch (error) {
    const failure = explainFailure(error, argv);
    if (failure.lines.length === 0) return failure.exitCode;
    const { renderFailure } = await import('./failure/render.js');
    renderFailure(failure, {
      host,
      debug: argv.includes('--debug'),
      json: argv.includes('--json') && !shown,
    });
    return failure.exitCode;
  }
}
