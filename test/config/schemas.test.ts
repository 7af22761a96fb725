// Schemas for editors and the page of options: made of the present schemas, and read by a real YAML language server.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configurationPage } from '../../src/config/configuration-page.js';
import { jsonSchema } from '../../src/config/json-schemas.js';
import { SCHEMA_FILES, type SchemaKind, schemaLine } from '../../src/schema-line.js';
import { runMain } from '../cli/in-process.js';
import { startLanguageServer, type YamlLanguageServer } from './yaml-language-server.js';

const ROOT = join(import.meta.dirname, '..', '..');
const KINDS = Object.keys(SCHEMA_FILES) as SchemaKind[];
const WRITE = process.env['LIMAML_WRITE_FIXTURES'] !== undefined;

function recorded(file: string, present: string): string {
  if (WRITE) {
    mkdirSync(join(ROOT, 'schemas'), { recursive: true });
    writeFileSync(join(ROOT, file), present);
  }
  return readFileSync(join(ROOT, file), 'utf8');
}

describe('what is shipped is what the schemas say', () => {
  it.each(KINDS)('%s', (kind) => {
    const present = `${JSON.stringify(jsonSchema(kind), null, 2)}\n`;
    expect(recorded(`schemas/${SCHEMA_FILES[kind]}`, present)).toBe(present);
  });

  it('docs/configuration.md', () => {
    const present = configurationPage();
    expect(recorded('docs/configuration.md', present)).toBe(present);
    for (const key of ['training.epochs', 'inner.steps', 'features[].name', 'split.kind'])
      expect(present).toContain(`\`${key}\``);
  });
});

it('no other schema is there', async () => {
  const { code, stdout, stderr } = await runMain(['schema', 'event']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^error SCHEMA_UNKNOWN {2}event\n.*\n.*One of: recipe, descriptor, page\./);
});

describe('the first line', () => {
  it('is that of the clone, or of the package that a project installed', () => {
    const line = (cwd: string): string =>
      schemaLine('recipe', join(cwd, 'experiments/a/experiment.yaml'), cwd);
    expect(line(ROOT)).toBe('# yaml-language-server: $schema=../../schemas/recipe.schema.json');
    expect(line('/tmp/elsewhere')).toBe(
      '# yaml-language-server: $schema=../../node_modules/limaml/schemas/recipe.schema.json',
    );
  });
});

describe('a YAML language server', () => {
  let server: YamlLanguageServer;
  beforeAll(() => {
    server = startLanguageServer(ROOT);
  });
  afterAll(() => server.stop());

  const shipped = [
    ...readdirSync(join(ROOT, 'experiments')).map((name) => `experiments/${name}/experiment.yaml`),
    ...readdirSync(join(ROOT, 'datasets'))
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => `datasets/${file}`),
  ];

  it('finds nothing wrong with the shipped recipes and descriptors', async () => {
    expect(shipped.length).toBeGreaterThanOrEqual(24);
    for (const file of shipped) {
      const text = readFileSync(join(ROOT, file), 'utf8');
      expect(text.split('\n')[0]).toMatch(
        /^# yaml-language-server: \$schema=(\.\.\/)+schemas\/\w+\.schema\.json$/,
      );
      expect({ file, faults: await server.faults(file, text) }).toEqual({ file, faults: [] });
    }
  });

  it.each([
    [
      'recipe',
      'experiments/a/1.yaml',
      'name: a\ndataset: d\nmodel: { name: limaml, inner: { setps: 3 } }\n',
      /setps/,
    ],
    [
      'recipe',
      'experiments/a/2.yaml',
      'name: a\ndataset: d\nmodel: { name: deep }\ntraining: { epochs: many }\n',
      /integer/,
    ],
    ['recipe', 'experiments/a/3.yaml', 'name: a\ndataset: d\n', /Missing property "model"/],
    ['descriptor', 'datasets/a.yaml', 'name: a\nsplit: { kind: by-hand }\n', /Value is not accepted/],
  ] as const)('finds what is wrong with a %s: %s', async (kind, file, text, message) => {
    const line = schemaLine(kind, join(ROOT, file), ROOT);
    expect((await server.faults(file, `${line}\n${text}`)).join('\n')).toMatch(message);
  });

  it('takes a recipe that extends another', async () => {
    const file = 'experiments/b/experiment.yaml';
    const line = schemaLine('recipe', join(ROOT, file), ROOT);
    expect(await server.faults(file, `${line}\nname: b\nextends: synthetic\nseed: 2\n`)).toEqual([]);
  });
});
