// docs/commands.md: the help of every command, in the order of `limaml --help`.

/** `help` gives what is recorded of a command under its words joined by dashes. */
export function commandsPage(
  commands: readonly (readonly string[])[],
  help: (name: string) => string,
): string {
  return [
    '# Commands',
    '',
    'The help of every command, as the program prints it; made by `LIMAML_WRITE_FIXTURES=1 npx vitest run test/cli/help.test.ts`.',
    '',
    'Results go to standard output, progress and warnings to standard error; `--json` prints the same result for scripts. Exit codes: 0 done, 1 a check failed,',
    '2 the input is at fault, 3 a bug of ours, 128 + n ended by signal n. How a run is named is in [experiments.md](experiments.md#naming-a-run).',
    '',
    ...commands.flatMap((words) => [
      `## ${words.join(' ')}`,
      '',
      '```text',
      help(words.join('-')).trimEnd(),
      '```',
      '',
    ]),
  ].join('\n');
}
