// The OpenAPI document of a server: what rows and events hold follows from the bundle.

import { SUPPORT } from '../../bundle/format/files.js';
import type { BundleManifest } from '../../bundle/format/manifest-schema.js';
import { packageVersion } from '../../package-root.js';
import type { LiveField } from './json-rows.js';
import { eventFields, scoreFields } from './live-fields.js';

export interface LiveLimits {
  /** Rows or events of one request. */
  readonly rows: number;
  readonly bodyBytes: number;
  /** Requests that may wait at once. */
  readonly pending: number;
  readonly timeoutMs: number;
}

type Json = Readonly<Record<string, unknown>>;

export function openApi(manifest: BundleManifest, limits: LiveLimits): Json {
  const list = (name: string, fields: readonly LiveField[]): Json => ({
    type: 'object',
    additionalProperties: false,
    required: [name],
    properties: {
      [name]: { type: 'array', minItems: 1, maxItems: limits.rows, items: rowSchema(fields, manifest) },
    },
  });
  const post = (summary: string, body: Json, answer: Json): Json => ({
    summary,
    requestBody: { required: true, content: { 'application/json': { schema: body } } },
    responses: {
      200: { description: 'done', content: { 'application/json': { schema: answer } } },
      400: { description: 'a value that cannot be taken: error.where says which', ...errorContent },
      413: { description: `a body of more than ${limits.bodyBytes} bytes`, ...errorContent },
      503: {
        description: `more than ${limits.pending} requests wait, or the server is full`,
        ...errorContent,
      },
    },
  });
  const numbers = (...names: readonly string[]): Json =>
    Object.fromEntries(names.map((name) => [name, { type: 'integer' }]));
  const scores = { type: 'array', items: { type: 'number', minimum: 0, maximum: 1 } };
  return {
    openapi: '3.1.0',
    info: { title: `limaml serve: ${manifest.model.name}`, version: packageVersion() },
    paths: {
      '/score': {
        post: post('Probabilities of a click', list('rows', scoreFields(manifest)), {
          type: 'object',
          properties: {
            bundle: { type: 'string' },
            probability: scores,
            ...numbers('priors', 'unknownItems'),
          },
        }),
      },
      ...(manifest.adapt === null
        ? {}
        : {
            '/events': {
              post: post('Adapts members to their events at once', list('events', eventFields(manifest)), {
                type: 'object',
                properties: { bundle: { type: 'string' }, ...numbers('events', 'known', 'adapted', 'added') },
              }),
            },
          }),
      '/healthz': { get: plain('Whether it serves, and which bundle') },
      '/metrics': { get: plain('Counters for Prometheus') },
    },
  };
}

const plain = (summary: string): Json => ({ summary, responses: { 200: { description: 'done' } } });

const errorContent = {
  content: {
    'application/json': {
      schema: {
        type: 'object',
        properties: {
          error: {
            type: 'object',
            properties: Object.fromEntries(
              ['code', 'where', 'what', 'next'].map((name) => [name, { type: 'string' }]),
            ),
          },
        },
      },
    },
  },
};

const TYPES = { text: 'string', number: 'number', texts: 'array' } as const;

function rowSchema(fields: readonly LiveField[], { score, adapt }: BundleManifest): Json {
  const described = [...score.inputs, ...(adapt?.inputs ?? [])];
  const property = ({ name, kind, needs, range }: LiveField): Json => {
    const meaning = described.find(
      (input) => input.name === name || input.name === `${SUPPORT}${name}`,
    )?.meaning;
    return {
      type: needs === 'value' ? TYPES[kind] : [TYPES[kind], 'null'],
      ...(kind === 'texts' ? { items: { type: 'string' } } : {}),
      ...(range === undefined ? {} : { minimum: range[0], maximum: range[1] }),
      ...(meaning === undefined ? {} : { description: meaning }),
    };
  };
  return {
    type: 'object',
    additionalProperties: false,
    required: fields.filter(({ needs }) => needs !== 'nothing').map(({ name }) => name),
    properties: Object.fromEntries(fields.map((field) => [field.name, property(field)])),
  };
}
