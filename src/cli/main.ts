// The one place that catches: every failure becomes a message and an exit code here.

import { EXIT } from '../errors.js';
import { COMMANDS } from './commands.js';
import { explainFailure } from './failure/explain.js';
import { buildProgram } from './program.js';
import type { Host } from './terminal/host.js';

/** Runs the host's command line. Returns the exit code: 0 done, 1 check failed, 2 user error, 3 our bug. */
export async function main(host: Host): Promise<number> {
  const { argv } = host;
  let shown = false;
  const program = buildProgram(COMMANDS, host, () => {
    shown = true;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
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
