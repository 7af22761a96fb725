// docs/configuration.md: every key of a recipe and of a descriptor, made of the schemas that read them.
import type { z } from 'zod';
import { MODELS } from '../models/registry.js';
import { descriptorSchema } from '../prep/descriptor/descriptor.js';
import { recipeSchema } from './recipe-schema.js';
import { optionLines } from './schema-options.js';

export function configurationPage(): string {
  return [
    '# Every key of recipes and descriptors',
    '',
    'Made by `limaml schema page` of the schemas that the program reads the files by; do not edit. An editor with a YAML language server reads',
    'the same from the first line of a file: `# yaml-language-server: $schema=…` (limaml schema, docs/experiments.md).',
    '',
    '## A recipe: `experiments/<name>/experiment.yaml`',
    '',
    '`extends: <experiment or file>` takes every value that the recipe does not say from another one (docs/experiments.md).',
    '',
    ...table(recipeSchema),
    '',
    ...MODELS.flatMap(({ name, summary, config }) => [
      `### \`model\`, \`baselines.${name}\`: ${name}`,
      '',
      `${summary}`,
      '',
      ...table(config),
      '',
    ]),
    '## A descriptor: `datasets/<name>.yaml`',
    '',
    'What the keys mean is told in docs/datasets.md.',
    '',
    ...table(descriptorSchema),
    '',
  ].join('\n');
}

function table(schema: z.ZodType): readonly string[] {
  return [
    '| key | takes | default | meaning |',
    '|---|---|---|---|',
    ...optionLines(schema).map(
      ({ key, type, default: given, required, summary }) =>
        `| \`${key}\` | ${cell(type)} | ${given === undefined ? (required ? 'required' : '–') : `\`${cell(given)}\``} | ${cell(summary ?? '')} |`,
    ),
  ];
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
