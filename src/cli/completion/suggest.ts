// What a shell asks for while a command is typed: the library knows the shells, we know the commands and what there is.
import type { ArgumentSpec, CommandSpec, Completes, FlagSpec } from '../spec/command.js';
import { BASH_WORDS } from './bash-words.js';
import { candidatesOf } from './candidates.js';

/** The part of @bomb.sh/tab that is used; it prints on standard output by itself. */
interface Tab {
  readonly RootCommand: new () => TabRoot;
}
interface TabCommand {
  option(name: string, description: string, handler?: Handler): TabCommand;
  argument(name: string, handler?: Handler, variadic?: boolean): TabCommand;
}
interface TabRoot extends TabCommand {
  command(name: string, description: string): TabCommand;
  parse(words: string[]): void;
  setup(name: string, executable: string, shell: string): void;
}
type Handler = (complete: (value: string, description: string) => void) => void;

/** Loaded when asked for, so that no other command waits for it. */
const PACKAGE: string = '@bomb.sh/tab';
const load = async (): Promise<Tab> => (await import(PACKAGE)) as Tab;

/** Prints the script that a shell reads at its start. */
export async function printScript(shell: string, print: (text: string) => Promise<void>): Promise<void> {
  const { RootCommand } = await load();
  if (shell === 'bash') await print(BASH_WORDS);
  new RootCommand().setup('limaml', 'limaml', shell);
}

/** Prints what the last of the words may become, a line each, as the scripts read it. */
export async function printSuggestions(
  commands: readonly CommandSpec[],
  common: Readonly<Record<string, FlagSpec>>,
  words: readonly string[],
  cwd: string,
): Promise<void> {
  const { RootCommand } = await load();
  const root = new RootCommand();
  const candidates = await candidatesOf(cwd);
  const handler =
    (kind: Completes | undefined): Handler =>
    (complete) => {
      for (const { value, about } of kind === undefined ? [] : candidates(kind)) complete(value, about);
    };
  const add = (spec: CommandSpec, above: readonly string[]): void => {
    const command = root.command([...above, spec.name].join(' '), spec.summary);
    for (const [name, argument] of Object.entries(spec.arguments))
      addArgument(command, name, argument, handler);
    for (const [name, flag] of Object.entries({ ...spec.flags, ...common }))
      addFlag(command, kebab(name), flag, handler);
    for (const inner of spec.commands ?? []) add(inner, [...above, spec.name]);
  };
  for (const spec of commands) add(spec, []);
  root.parse([...words]);
}

type HandlerOf = (kind: Completes | undefined) => Handler;

function addArgument(
  command: TabCommand,
  name: string,
  { completes, choices, many }: ArgumentSpec,
  of: HandlerOf,
): void {
  command.argument(name, choices === undefined ? of(completes) : listed(choices), many === true);
}

function addFlag(command: TabCommand, name: string, flag: FlagSpec, of: HandlerOf): void {
  if (flag.kind === 'switch') command.option(name, flag.summary);
  else if (flag.kind === 'choice') command.option(name, flag.summary, listed(flag.choices));
  else command.option(name, flag.summary, of(flag.kind === 'integer' ? undefined : flag.completes));
}

const listed =
  (values: readonly string[]): Handler =>
  (complete) => {
    for (const value of values) complete(value, '');
  };

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
