// `--set a.b=c`: a dotted key and a value written as in YAML.
import { parseDocument } from 'yaml';
import { UserError, UserErrors } from '../errors.js';
import type { Override } from './layers.js';
import { plainValue } from './read-yaml.js';

/** Reads the texts of all `--set` flags. Throws every OVERRIDE_SYNTAX fault at once. */
export function parseOverrides(texts: readonly string[]): readonly Override[] {
  const faults: UserError[] = [];
  const overrides = texts.flatMap((text): readonly Override[] => {
    try {
      return [parseOverride(text)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      faults.push(error);
      return [];
    }
  });
  if (faults.length > 0) throw new UserErrors(faults);
  return overrides;
}

/** Values by dotted key as they can be typed after `--set`. */
export function settings(values: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(values).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
}

function parseOverride(text: string): Override {
  const flag = `--set ${text}`;
  const equals = text.indexOf('=');
  const keys = text.slice(0, Math.max(equals, 0)).split('.');
  if (equals < 1 || keys.some((key) => key.trim() === '')) {
    throw new UserError({
      code: 'OVERRIDE_SYNTAX',
      where: flag,
      what: 'A key and a value are expected, joined by "=".',
      next: 'For example: --set training.epochs=3 --set model.hidden=[64,32]',
    });
  }
  const document = parseDocument(text.slice(equals + 1), { prettyErrors: false });
  const { value, faults } = plainValue(document, keys.at(-1)?.trim());
  const [fault] = faults;
  if (fault !== undefined) {
    throw new UserError({
      code: 'OVERRIDE_SYNTAX',
      where: flag,
      what: `The value is not valid YAML: ${fault.what}.`,
      next: 'Quote texts with special characters: --set \'name="a: b"\'',
    });
  }
  return { path: keys.map((key) => key.trim()), value, flag };
}
