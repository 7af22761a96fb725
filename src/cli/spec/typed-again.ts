// What was typed of the flags that choose recipe values and data, for the command to go on with: without them it would do something else.

interface Typed {
  readonly model?: string | undefined;
  readonly seed?: number | readonly string[] | undefined;
  readonly set?: readonly string[] | undefined;
  readonly data?: string | undefined;
  readonly prepared?: string | undefined;
  readonly onError?: string | undefined;
}

/** Words of a command line, in one order whatever was typed. */
export function typedAgain({ model, seed, set = [], data, prepared, onError }: Typed): readonly string[] {
  const flag = (name: string, values: readonly (string | number | undefined)[]): readonly string[] =>
    values.flatMap((value) => (value === undefined ? [] : [name, String(value)]));
  return [
    ...flag('--model', [model]),
    ...flag('--seed', [seed].flat()),
    ...flag('--set', set),
    ...flag('--data', [data]),
    ...flag('--prepared', [prepared]),
    ...flag('--on-error', [onError]),
  ];
}
