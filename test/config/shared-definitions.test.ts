// What is written once in a JSON Schema means the same as when it is written out each time.
import { expect, it } from 'vitest';
import { jsonSchema } from '../../src/config/json-schemas.js';
import { sharedDefinitions } from '../../src/config/shared-definitions.js';

/** The schema with every reference replaced by what it names. */
function writtenOut(schema: unknown, definitions: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(schema)) return schema.map((part) => writtenOut(part, definitions));
  if (schema === null || typeof schema !== 'object') return schema;
  const { $ref } = schema as { readonly $ref?: unknown };
  if (typeof $ref === 'string') {
    const name = $ref.replace('#/definitions/', '');
    expect(Object.keys(schema)).toEqual(['$ref']);
    expect(definitions).toHaveProperty([name]);
    return writtenOut(definitions[name], definitions);
  }
  return Object.fromEntries(
    Object.entries(schema).map(([key, part]) => [key, writtenOut(part, definitions)]),
  );
}

const long = (name: string) => ({ type: 'object', description: `${name} `.repeat(60), properties: {} });

it('keeps what it means, by hand', () => {
  const inner = { ...long('inner'), properties: { deep: long('deep') } };
  const schema = {
    properties: { a: inner, b: inner, c: { items: inner }, d: { type: 'string' } },
    anyOf: [{ properties: { inner: long('other') } }, { properties: { x: long('other') } }],
    default: inner,
  };
  const { definitions, ...short } = sharedDefinitions(schema) as { definitions: Record<string, unknown> };
  expect(Object.keys(definitions)).toEqual(['a', 'inner']);
  expect(short).toEqual({
    properties: {
      a: { $ref: '#/definitions/a' },
      b: { $ref: '#/definitions/a' },
      c: { items: { $ref: '#/definitions/a' } },
      d: { type: 'string' },
    },
    anyOf: [
      { properties: { inner: { $ref: '#/definitions/inner' } } },
      { properties: { x: { $ref: '#/definitions/inner' } } },
    ],
    // Data, no schema.
    default: inner,
  });
  expect(writtenOut(short, definitions)).toEqual(schema);
  expect(sharedDefinitions({ properties: { a: long('a') } })).toEqual({ properties: { a: long('a') } });
});

it('writes the options of models once', () => {
  const recipe = jsonSchema('recipe') as { readonly definitions: Record<string, unknown> };
  expect(JSON.stringify(recipe, null, 2).length).toBeLessThan(150_000);
  const { definitions, ...short } = recipe;
  expect(Object.keys(definitions).length).toBeGreaterThan(10);
  expect(JSON.stringify(writtenOut(short, definitions)).length).toBeGreaterThan(150_000);
});
