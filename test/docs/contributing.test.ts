// CONTRIBUTING: every place that it names is there, and nothing that it should name is missing.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../cli/run-limaml.js';

const page = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
const folders = (path: string): readonly string[] =>
  readdirSync(join(ROOT, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

describe('CONTRIBUTING', () => {
  it('is one page', () => {
    expect(page.split('\n').length).toBeLessThan(90);
  });

  it('says which tests go with every folder of src', () => {
    const tests = folders('test');
    const unnamed = folders('src').filter(
      (name) => !tests.includes(name) && !page.includes(`\`src/${name}\``),
    );
    expect(unnamed).toEqual([]);
    expect(folders('src').length).toBeGreaterThan(20);
  });

  it('names places that are there', () => {
    const places = [...page.matchAll(/`((?:src|test|docs|bench)\/[\w./-]*)`|\]\((docs\/[^)]+)\)/g)].map(
      ([, code, link]) => code ?? link!,
    );
    expect(places.filter((place) => !existsSync(join(ROOT, place)))).toEqual([]);
    expect(places.length).toBeGreaterThan(15);
  });

  it('names every script that makes fixtures, every test that records, and scripts of the package that exist', () => {
    const scripts = readdirSync(join(ROOT, 'test/fixtures/make')).filter((name) => name.endsWith('.py'));
    expect(scripts.filter((name) => !page.includes(name))).toEqual([]);
    const recording = (readdirSync(join(ROOT, 'test'), { recursive: true }) as string[])
      .filter((name) => name.endsWith('.test.ts') && !name.startsWith('docs'))
      .filter((name) =>
        readFileSync(join(ROOT, 'test', name), 'utf8').includes("env['LIMAML_WRITE_FIXTURES']"),
      )
      .map((name) => `test/${name.replaceAll('\\', '/')}`);
    expect(recording.length).toBeGreaterThanOrEqual(3);
    expect(recording.filter((name) => !page.includes(name))).toEqual([]);
    const { scripts: known } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const run = [...page.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!);
    expect(run.filter((name) => known[name] === undefined)).toEqual([]);
  });
});

describe('decisions', () => {
  it('have a date and a heading each', () => {
    const text = readFileSync(join(ROOT, 'docs/decisions.md'), 'utf8');
    const headings = text.match(/^### .*$/gm) ?? [];
    expect(headings.length).toBeGreaterThan(25);
    expect(headings.filter((heading) => !/^### 20\d\d-\d\d-\d\d · \S/.test(heading))).toEqual([]);
    expect(text.match(/^- \*\*/gm)).toBeNull();
  });
});

describe('CHANGELOG', () => {
  it('has what is unreleased, then every version with its date, newest first, that of the package among them', () => {
    const headings = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8').match(/^## .*$/gm) ?? [];
    expect(headings[0]).toBe('## Unreleased');
    const dated = headings
      .slice(1)
      .map((heading) => /^## (\d+\.\d+\.\d+) – (20\d\d-\d\d-\d\d)$/.exec(heading));
    expect(dated.length).toBeGreaterThanOrEqual(2);
    expect(dated).not.toContain(null);
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(dated[0]?.[1]).toBe(version);
    const dates = dated.map((found) => found?.[2] ?? '');
    expect(dates).toEqual([...dates].sort().reverse());
  });
});
