// One word for one thing: pages, help and the comments of the sources use none that the glossary rules out.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../cli/run-limaml.js';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const ROWS = [...read('docs/glossary.md').matchAll(/^\| ([a-z -]+) \| (.+) \| (.+) \|$/gm)]
  .map(([, word, meaning, not]) => ({ word: word!, meaning: meaning!, not: not!.split(', ') }))
  .filter(({ word }) => word !== 'word');

/** The word and its plural, whichever way its parts are joined. */
const pattern = (word: string): RegExp => new RegExp(`\\b${word.replace(/[ -]/g, '[ -]')}(s|es)?\\b`, 'i');

const files = (folder: string, name: RegExp): readonly string[] =>
  (readdirSync(join(ROOT, folder), { recursive: true }) as string[])
    .filter((file) => name.test(file) && !/^api[\\/]/.test(file))
    .map((file) => `${folder}/${file}`);

/** The comments of a source file. */
const comments = (file: string): readonly [file: string, text: string] => [
  file,
  (read(file).match(/\/\/.*$|^\s*\/?\*.*$/gm) ?? []).join('\n'),
];

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...files('docs', /\.md$/).filter((file) => !file.endsWith('glossary.md')),
  ...files('test/cli/golden', /\.txt$/),
];

describe('the glossary', () => {
  it('has the words of the project, each once', () => {
    expect(ROWS.length).toBeGreaterThanOrEqual(20);
    expect(new Set(ROWS.map(({ word }) => word)).size).toBe(ROWS.length);
    const ruledOut = ROWS.flatMap(({ not }) => not);
    expect(new Set(ruledOut).size).toBe(ruledOut.length);
    for (const { word } of ROWS) expect(ruledOut).not.toContain(word);
  });

  it('notices a word that is ruled out, in its plural too', () => {
    expect('By slices: the outer-steps'.match(pattern('slice'))?.[0]).toBe('slices');
    expect(pattern('meta-step').test('Meta steps of all models')).toBe(true);
    expect(pattern('slice').test('slicer')).toBe(false);
  });

  it('is kept by pages, help and comments', () => {
    const texts = [
      ...PAGES.map((file) => [file, read(file)] as const),
      ...files('src', /\.ts$/).map(comments),
    ];
    const found = texts.flatMap(([file, text]) =>
      ROWS.flatMap(({ word, not }) =>
        not.flatMap((other) => (pattern(other).test(text) ? [`${file}: "${other}" for ${word}`] : [])),
      ),
    );
    expect(found).toEqual([]);
    expect(PAGES.length).toBeGreaterThan(30);
    expect(texts.length).toBeGreaterThan(350);
  });
});
