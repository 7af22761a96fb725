// A JSON Schema in which what stands several times is written once, under `definitions`, and referred to.
import { isObject } from './layers.js';

type Schema = Readonly<Record<string, unknown>>;

/** Shorter ones are no longer than what would refer to them reads. */
const WORTH_IT = 160;

/** Keys under which schemas stand by name, and as themselves or in lists; all else is data. */
const BY_NAME = ['properties', 'patternProperties'];
const DIRECT = ['items', 'additionalProperties', 'not', 'anyOf', 'oneOf', 'allOf'];

/** The same schema, shorter: equal parts are told by their text. Draft 7, where nothing stands beside `$ref`. */
export function sharedDefinitions(schema: Schema): Schema {
  const seen = new Map<string, number>();
  each(schema, (part) => {
    const text = JSON.stringify(part);
    if (text.length < WORTH_IT) return true;
    const times = (seen.get(text) ?? 0) + 1;
    seen.set(text, times);
    // What is inside of a part that was seen before is not counted again: it stands in the definition of that.
    return times === 1;
  });
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const definitions: Record<string, unknown> = {};
  const shared = (part: Schema, name: string): Schema => {
    const text = JSON.stringify(part);
    if ((seen.get(text) ?? 0) < 2) return inside(part, name, shared);
    let known = names.get(text);
    if (known === undefined) {
      known = name;
      for (let n = 2; taken.has(known); n++) known = `${name}-${n}`;
      taken.add(known);
      names.set(text, known);
      definitions[known] = inside(part, name, shared);
    }
    return { $ref: `#/definitions/${known}` };
  };
  const short = inside(schema, 'recipe', shared);
  return Object.keys(definitions).length === 0 ? short : { ...short, definitions };
}

/** Visits every part below a schema; what is below a part only where `visit` says so. */
function each(schema: Schema, visit: (part: Schema) => boolean): void {
  inside(schema, '', (part) => {
    if (visit(part)) each(part, visit);
    return part;
  });
}

/** A schema with each part below it replaced. */
function inside(schema: Schema, name: string, replace: (part: Schema, name: string) => Schema): Schema {
  const one = (value: unknown, called: string): unknown => (isObject(value) ? replace(value, called) : value);
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (BY_NAME.includes(key) && isObject(value))
        return [key, Object.fromEntries(Object.entries(value).map(([of, part]) => [of, one(part, of)]))];
      if (!DIRECT.includes(key)) return [key, value];
      return [key, Array.isArray(value) ? value.map((part) => one(part, name)) : one(value, name)];
    }),
  );
}
