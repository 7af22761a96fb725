// JSON Schemas of recipes and descriptors, for editors: made of the schemas that the program itself reads them by.
import { z } from 'zod';
import { MODELS } from '../models/registry.js';
import { descriptorSchema } from '../prep/descriptor/descriptor.js';
import type { SchemaKind } from '../schema-line.js';
import { recipeSchema } from './recipe-schema.js';
import { sharedDefinitions } from './shared-definitions.js';

type JsonSchema = Readonly<Record<string, unknown>>;

const EXTENDS = {
  type: 'string',
  description:
    'another recipe (name of an experiment, or file) whose values hold where this one says nothing',
} as const;

export const jsonSchema = (kind: SchemaKind): JsonSchema =>
  sharedDefinitions(kind === 'recipe' ? recipeJsonSchema() : descriptorJsonSchema());

function descriptorJsonSchema(): JsonSchema {
  return { title: 'A data set of limaml: datasets/<name>.yaml', ...plain(descriptorSchema) };
}

/** Model sections by the model that they name; a recipe that extends another may leave out what the other says. */
function recipeJsonSchema(): JsonSchema {
  const {
    properties,
    required: _,
    ...recipe
  } = plain(recipeSchema) as JsonSchema & {
    readonly properties: Readonly<Record<string, JsonSchema>>;
  };
  const models = MODELS.map(({ name, summary, config }) => ({ name, summary, options: plain(config) }));
  const { $schema: __, ...descriptor } = plain(descriptorSchema);
  return {
    title: 'A recipe of limaml: experiments/<name>/experiment.yaml',
    ...recipe,
    properties: {
      extends: EXTENDS,
      ...properties,
      prep: { ...properties['prep'], properties: descriptor['properties'] },
      model: {
        ...described(properties['model']),
        anyOf: [
          ...models.map(({ name, summary, options }) => ({
            ...options,
            description: summary,
            properties: { name: { const: name, description: summary }, ...(options['properties'] as object) },
            required: ['name'],
          })),
          {
            description: 'a model of one of your own files',
            type: 'object',
            properties: {
              from: { type: 'string', description: 'file of the model, relative to the recipe' },
            },
            required: ['from'],
          },
        ],
      },
      baselines: {
        ...described(properties['baselines']),
        type: 'object',
        properties: Object.fromEntries(
          models.map(({ name, summary, options }) => [
            name,
            { ...options, description: summary, required: [] },
          ]),
        ),
        additionalProperties: { type: 'object', required: ['from'] },
      },
    },
    anyOf: [{ required: ['name', 'dataset', 'model'] }, { required: ['name', 'extends'] }],
  };
}

/** What of a schema says what it means, without what it takes. */
function described({ description, default: given }: JsonSchema = {}): JsonSchema {
  return {
    ...(description === undefined ? {} : { description }),
    ...(given === undefined ? {} : { default: given }),
  };
}

/** Draft 7, which every editor reads. Rules that JSON Schema cannot say are left to `limaml validate`. */
function plain(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', target: 'draft-7' }) as JsonSchema;
}
