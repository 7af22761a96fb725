// Turns command specs into commander commands; only this file and usage-error.ts know how commander works.

import { Argument, Command, Help, InvalidArgumentError, Option } from 'commander';
import { packageVersion } from '../package-root.js';
import { usageError } from './failure/usage-error.js';
import type { CommandSpec, FlagSpec } from './spec/command.js';
import { COMMON_FLAGS } from './spec/flags.js';
import type { EpochPlot } from './terminal/epoch-plot.js';
import type { Host } from './terminal/host.js';

/** The whole program; `onShow` is told when a result has been printed. */
export function buildProgram(commands: readonly CommandSpec[], host: Host, onShow: () => void): Command {
  const program = new Command('limaml');
  settle(program, host);
  program
    .description(
      'Personalise a deep recommender by meta-learning a part of it, and prove it against baselines.',
    )
    .usage('<command> [options]')
    .version(packageVersion(), '--version', 'print the version')
    .addHelpText('after', ({ command }) =>
      command
        .createHelp()
        .boxWrap(
          '\nStart with: limaml quickstart\nExit codes: 0 done, 1 a check failed, 2 the input is at fault, 3 a bug of limaml, 130 interrupted',
          helpWidth(host),
        ),
    );
  for (const spec of commands) program.addCommand(commandFrom(spec, host, onShow, program));
  return program;
}

function commandFrom(spec: CommandSpec, host: Host, onShow: () => void, parent: Command): Command {
  const command = new Command(spec.name);
  command.parent = parent;
  settle(command, host);
  command.summary(spec.summary).description([spec.summary, spec.description].filter(Boolean).join('\n\n'));
  const names = Object.keys(spec.arguments);
  for (const [name, { summary, optional, many }] of Object.entries(spec.arguments)) {
    const shape = `${kebab(name)}${many ? '...' : ''}`;
    command.addArgument(new Argument(optional ? `[${shape}]` : `<${shape}>`, summary));
  }
  for (const [name, flag] of Object.entries({ ...spec.flags, ...COMMON_FLAGS }))
    command.addOption(option(name, flag));
  command.addHelpText(
    'after',
    `\nExamples:\n${spec.examples.map((example) => exampleLines(example, helpWidth(host))).join('\n')}`,
  );
  for (const inner of spec.commands ?? []) command.addCommand(commandFrom(inner, host, onShow, command));
  command.action(async (...parameters: unknown[]) => {
    const flags = command.opts();
    const { createIo } = await import('./terminal/create-io.js');
    const [json, quiet] = [flags['json'] === true, flags['quiet'] === true];
    const io = createIo(host, { json, quiet, onShow, plot: await plotOf(flags, host) });
    const positional = Object.fromEntries(names.map((name, i) => [name, parameters[i]]));
    try {
      await spec.action(
        { ...defaults(spec), ...flags, ...negations(spec, flags), ...positional } as never,
        io,
      );
    } finally {
      io.close();
    }
  });
  return command;
}

/** Curves of a training where they are asked for; they are drawn on terminals alone. */
async function plotOf(flags: Readonly<Record<string, unknown>>, host: Host): Promise<EpochPlot | undefined> {
  if (flags['plot'] !== true) return undefined;
  const [{ epochPlot }, { loadCurves }, { coloursFor }] = await Promise.all([
    import('./terminal/epoch-plot.js'),
    import('./terminal/load-curves.js'),
    import('./terminal/style.js'),
  ]);
  return epochPlot(await loadCurves(), coloursFor(host.stderr, host.env));
}

function settle(command: Command, host: Host): void {
  command
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    // Else `runs show --json` would give its flag to `runs`.
    .enablePositionalOptions()
    .allowExcessArguments(false)
    .exitOverride((error) => {
      throw usageError(error, command);
    })
    .configureHelp({
      helpWidth: helpWidth(host),
      minWidthToWrap: 20,
      formatItem: helpItem,
      subcommandTerm: (inner) => [inner.name(), ...inner.registeredArguments.map(argumentTerm)].join(' '),
    })
    .configureOutput({
      writeOut: (text) => void host.stdout.write(text),
      writeErr: () => {}, // the thrown error carries the text; main prints it once
    });
}

const helpWidth = ({ stdout }: Host): number => Math.min(stdout.columns ?? 100, 100);

/** A term and, beside it, what it means; under it where there is no room for words beside it. */
function helpItem(term: string, termWidth: number, description: string, helper: Help): string {
  const width = helper.helpWidth ?? 80;
  if (description === '' || width - termWidth - 4 >= 24)
    return Help.prototype.formatItem.call(helper, term, termWidth, description, helper);
  const lines = helper.boxWrap(description, width - 6).split('\n');
  return [`  ${term}`, ...lines.map((line) => `      ${line}`)].join('\n');
}

/** A command line in lines that a shell takes for one. */
function exampleLines(example: string, width: number): string {
  const helper = new Help();
  helper.minWidthToWrap = 20;
  return helper.boxWrap(`  $ limaml ${example}`, width - 2).replace(/\n/g, ' \\\n      ');
}

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function option(name: string, flag: FlagSpec): Option {
  const long = `--${kebab(name)}`;
  switch (flag.kind) {
    case 'switch':
      return new Option(long, flag.summary);
    case 'text':
      return new Option(`${long} <${flag.value}>`, flag.summary).makeOptionMandatory(flag.required ?? false);
    case 'list':
      return new Option(`${long} <${flag.value}>`, `${flag.summary} (repeatable)`).argParser(
        (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
      );
    case 'integer':
      return new Option(`${long} <${flag.value}>`, flag.summary).argParser((value: string) =>
        value === flag.word ? value : wholeNumber(value, flag),
      );
    case 'choice':
      return new Option(`${long} <${flag.value}>`, flag.summary).choices(flag.choices);
  }
}

function wholeNumber(text: string, { minimum, word }: { minimum: number; word?: string }): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value) || value < minimum)
    throw new InvalidArgumentError(
      `A whole number of at least ${minimum}${word === undefined ? '' : `, or "${word}",`} is expected.`,
    );
  return value;
}

/** Switches are false and lists empty when not typed; every other flag stays undefined. */
function defaults(spec: CommandSpec): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, { kind }] of Object.entries(spec.flags)) {
    if (kind === 'switch') values[name] = false;
    if (kind === 'list') values[name] = [];
  }
  return values;
}

/** commander keeps `--no-curves` as `curves: false`; here a flag is called what the spec calls it. */
function negations(spec: CommandSpec, flags: Readonly<Record<string, unknown>>): Record<string, boolean> {
  const names = Object.keys(spec.flags).filter((name) => /^no[A-Z]/.test(name));
  return Object.fromEntries(
    names.map((name) => [name, flags[name.charAt(2).toLowerCase() + name.slice(3)] === false]),
  );
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
