// How a failure looks: code and place, what is wrong, what to do next.

import { EXIT } from '../../errors.js';
import { packageVersion } from '../../package-root.js';
import { printable, printableTree } from '../../printable.js';
import type { Host } from '../terminal/host.js';
import { printableJson } from '../terminal/printable-json.js';
import { coloursFor, styleFor } from '../terminal/style.js';
import { wrap } from '../terminal/wrap.js';
import type { Failure } from './explain.js';

interface FailureOptions {
  readonly host: Host;
  /** Print the stack too. */
  readonly debug: boolean;
  /** Print the same facts as JSON on standard output: no result has been printed there. */
  readonly json: boolean;
}

/** Writes the failure for people to standard error and, under `--json`, for programs to standard output. */
export function renderFailure(failure: Failure, { host, debug, json }: FailureOptions): void {
  const { chalk, width } = styleFor(host.stderr, coloursFor(host.stderr, host.env));
  const out: string[] = [];
  const lines = printableTree(failure.lines);
  lines.forEach(({ code, where, what, next }, at) => {
    out.push(`${chalk.red('error')} ${chalk.bold(code)}${where === undefined ? '' : `  ${where}`}`);
    // What many have in common to do next is said once, after the last of them.
    for (const text of [what, lines[at + 1]?.next === next ? '' : next])
      if (text !== undefined && text !== '') out.push(...wrap(text, Math.min(width, 108), '  '));
  });
  if (failure.lines.length > 1) out.push(`${failure.lines.length} errors`);
  if (failure.exitCode === EXIT.bug) {
    out.push(
      '',
      `  limaml ${packageVersion()}, node ${process.version}, ${process.platform} ${process.arch}`,
      `  ${printable(failure.commandLine ?? '')}`,
    );
  }
  if (debug && failure.stack !== undefined) out.push('', failure.stack);
  host.stderr.write(`${out.join('\n')}\n`);
  if (json) host.stdout.write(`${printableJson({ errors: failure.lines })}\n`);
}
