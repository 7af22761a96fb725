#!/usr/bin/env node
// Start-up only: loads the program, hands it the process and leaves with its exit code.

/** With too few file handles the program cannot even be loaded; Node would end with 1, which means a failed check here. */
const TOO_FEW = `error TOO_MANY_FILES
  The system lets this program open no more files.
  Allow more (ulimit -n), or close other programs.
`;

async function start(): Promise<never> {
  const { main } = await import('../src/cli/main.js');
  const { attachProcess, leave } = await import('../src/cli/process.js');
  const host = attachProcess();
  return leave(host, await main(host));
}

await start().catch((error: NodeJS.ErrnoException) => {
  if (error.code !== 'EMFILE' && error.code !== 'ENFILE') throw error;
  process.stderr.write(TOO_FEW);
  process.exit(2);
});
