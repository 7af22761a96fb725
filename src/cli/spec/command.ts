// Commands as data: arguments and flags are described once, and parsing, help and types all follow from the description.
import type { Io } from '../terminal/io.js';

/** What a shell may complete a word to. */
export type Completes = 'run' | 'tag' | 'field' | 'recipe' | 'dataset' | 'model' | 'file';

export interface ArgumentSpec {
  readonly summary: string;
  readonly completes?: Completes;
  /** Words that it may be, for completion. */
  readonly choices?: readonly string[];
  readonly optional?: boolean;
  /** Takes every remaining argument. Only for the last one. */
  readonly many?: boolean;
}

export type FlagSpec =
  /** Present or not. */
  | { readonly kind: 'switch'; readonly summary: string }
  /** One value; `value` is its placeholder in the help. */
  | {
      readonly kind: 'text';
      readonly value: string;
      readonly summary: string;
      readonly required?: boolean;
      readonly completes?: Completes;
    }
  /** May be given several times; the values are kept in order. */
  | {
      readonly kind: 'list';
      readonly value: string;
      readonly summary: string;
      readonly completes?: Completes;
    }
  | {
      readonly kind: 'integer';
      readonly value: string;
      readonly summary: string;
      readonly minimum: number;
      /** A word that may stand where the number does. */
      readonly word?: string;
    }
  | {
      readonly kind: 'choice';
      readonly value: string;
      readonly summary: string;
      readonly choices: readonly string[];
    };

type ArgumentValue<A extends ArgumentSpec> = A extends { many: true }
  ? readonly string[]
  : A extends { optional: true }
    ? string | undefined
    : string;

type FlagValue<F extends FlagSpec> = F extends { kind: 'switch' }
  ? boolean
  : F extends { kind: 'list' }
    ? readonly string[]
    : F extends { kind: 'integer' }
      ? number | undefined
      : F extends { kind: 'choice'; choices: readonly (infer C)[] }
        ? C | undefined
        : F extends { required: true }
          ? string
          : string | undefined;

type Arguments = Readonly<Record<string, ArgumentSpec>>;
type Flags = Readonly<Record<string, FlagSpec>>;

/** What an action receives: every argument and flag under its own name. */
type Values<A extends Arguments, F extends Flags> = {
  readonly [K in keyof A]: ArgumentValue<A[K]>;
} & { readonly [K in keyof F]: FlagValue<F[K]> };

/** A command as the program registers it; `defineCommand` ties the types together. */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** More than the summary: what it reads, what it writes, what to know. */
  readonly description?: string;
  /** In the order they are typed. */
  readonly arguments: Arguments;
  /** By camelCase name: `onError` is typed as `--on-error`. */
  readonly flags: Flags;
  /** Command lines that work, without the leading `limaml`. */
  readonly examples: readonly string[];
  readonly commands?: readonly CommandSpec[];
  readonly action: (values: Values<Arguments, Flags>, io: Io) => Promise<void>;
}

interface TypedCommandSpec<A extends Arguments, F extends Flags> {
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  readonly arguments: A;
  readonly flags: F;
  readonly examples: readonly string[];
  readonly commands?: readonly CommandSpec[];
  readonly action: (values: Values<A, F>, io: Io) => Promise<void>;
}

/** Declares a command; the action's values get the types that the declared arguments and flags imply. */
export function defineCommand<const A extends Arguments, const F extends Flags>(
  spec: TypedCommandSpec<A, F>,
): CommandSpec {
  return spec as unknown as CommandSpec;
}
