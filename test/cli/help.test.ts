// `--help` of every command is text under test.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.js';
import type { CommandSpec } from '../../src/cli/spec/command.js';
import { commandsPage } from './commands-page.js';
import { runMain } from './in-process.js';
import { limaml, ROOT } from './run-limaml.js';

const GOLDEN = join(ROOT, 'test', 'cli', 'golden');

function commandLines(
  specs: readonly CommandSpec[],
  before: readonly string[] = [],
): readonly (readonly string[])[] {
  return specs.flatMap((spec) => {
    const line = [...before, spec.name];
    return [line, ...commandLines(spec.commands ?? [], line)];
  });
}

const lines = [[], ...commandLines(COMMANDS)];

/** LIMAML_WRITE_FIXTURES=1 records what the program prints now. */
const WRITE = process.env['LIMAML_WRITE_FIXTURES'] !== undefined;

function recorded(line: readonly string[], printed: string): string {
  const path = join(GOLDEN, `${['limaml', ...line].join('-')}.txt`);
  if (WRITE) writeFileSync(path, printed);
  return existsSync(path) ? readFileSync(path, 'utf8') : '(not recorded)';
}

describe('help', () => {
  it.each(lines.map((line) => ({ name: ['limaml', ...line].join(' '), line })))(
    'of $name',
    async ({ line }) => {
      const { code, stdout, stderr } = await runMain([...line, '--help']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toBe(recorded(line, stdout));
    },
  );

  it('is printed alike by the real program', async () => {
    const line = ['runs', 'show'];
    const { code, stdout, stderr } = await limaml([...line, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(readFileSync(join(GOLDEN, 'limaml-runs-show.txt'), 'utf8'));
  });

  it('stands on a page, every command in turn', () => {
    const page = commandsPage(
      lines.map((line) => ['limaml', ...line]),
      (name) => readFileSync(join(GOLDEN, `${name}.txt`), 'utf8'),
    );
    const path = join(ROOT, 'docs/commands.md');
    if (WRITE) writeFileSync(path, page);
    expect(readFileSync(path, 'utf8')).toBe(page);
    expect(page.match(/^## /gm)?.length).toBe(lines.length);
  });

  it('is recorded for every command, and for nothing else', () => {
    const files = readdirSync(GOLDEN).sort();
    expect(files).toEqual(lines.map((line) => `${['limaml', ...line].join('-')}.txt`).sort());
    expect(files.length).toBeGreaterThanOrEqual(9);
  });

  it('shows examples that the command understands', () => {
    const examples = (specs: readonly CommandSpec[]): readonly string[] =>
      specs.flatMap((spec) => [...spec.examples, ...examples(spec.commands ?? [])]);
    const all = examples(COMMANDS);
    expect(all.length).toBeGreaterThan(lines.length);
    const names = commandLines(COMMANDS).map((line) => line.join(' '));
    expect(
      all.filter(
        (example) =>
          !names.some(
            (name) =>
              example === name || example.startsWith(`${name} `) || example.includes(`limaml ${name}`),
          ),
      ),
    ).toEqual([]);
  });
});

describe('version', () => {
  it('is that of the package, with the hash of its code that runs record', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    const { code, stdout, stderr } = await limaml(['--version']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^${version.replaceAll('.', '\\.')} \\(code [0-9a-f]{12}\\)\n$`));
  });
});
