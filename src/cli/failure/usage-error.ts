// How the command line ends other than by running a command: help was shown, or it cannot be understood.
import type { Command, CommanderError } from 'commander';
import { UserError } from '../../errors.js';
import { nearestName } from '../../nearest-name.js';

/** Help or version was asked for and has been printed. Exit code 0. */
export class HelpShown extends Error {}

const CODES: Readonly<Record<string, string>> = {
  'commander.unknownCommand': 'USAGE_UNKNOWN_COMMAND',
  'commander.unknownOption': 'USAGE_UNKNOWN_FLAG',
  'commander.missingArgument': 'USAGE_MISSING_ARGUMENT',
  'commander.optionMissingArgument': 'USAGE_MISSING_VALUE',
  'commander.missingMandatoryOptionValue': 'USAGE_MISSING_FLAG',
  'commander.invalidArgument': 'USAGE_BAD_VALUE',
  'commander.excessArguments': 'USAGE_EXCESS_ARGUMENTS',
};

/** Turns what commander throws into ours. */
export function usageError(error: CommanderError, command: Command): HelpShown | UserError {
  if (error.exitCode === 0) return new HelpShown();
  const name = fullName(command);
  const [typed] = command.args;
  // A command that acts by itself and has others below it takes an unknown one for an argument too many, and its flags for
  // unknown ones.
  if (command.commands.length > 0 && typed !== undefined && !typed.startsWith('-')) {
    const known = command.commands.map((inner) => inner.name());
    const close = nearestName(typed, known);
    return new UserError({
      code: 'USAGE_UNKNOWN_COMMAND',
      where: name,
      what: `There is no command "${typed}".${close === undefined ? '' : ` Closest: "${close}".`}`,
      next: `Commands: ${known.join(', ')}. See: ${name} --help`,
    });
  }
  const text = error.message.replace(/^error: /, '');
  // commander puts its suggestion on a line of its own: "(Did you mean --epochs?)".
  const [problem = text, ...suggestion] = text.split('\n');
  return new UserError({
    code: CODES[error.code] ?? 'USAGE',
    where: name,
    what: [sentence(problem), ...suggestion.map((line) => line.replace(/^\((.*)\)$/, '$1'))].join(' '),
    next: `See: ${name} --help`,
  });
}

/** The command as typed, e.g. `limaml runs show`. */
function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

function sentence(text: string): string {
  const upper = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(upper) ? upper : `${upper}.`;
}
