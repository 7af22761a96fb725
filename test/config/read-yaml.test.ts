// A configuration file that cannot be read at all.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseOverrides } from '../../src/config/overrides.js';
import { parseYaml, readYaml } from '../../src/config/read-yaml.js';

it('says which file, as it was named, and what the system says', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'limaml-yaml-'));
  const fault = { code: 'CONFIG_MISSING', where: 'recipe.yaml' };
  await expect(readYaml(folder, 'recipe.yaml')).rejects.toMatchObject({
    ...fault,
    what: expect.stringContaining('EISDIR'),
  });
  await expect(readYaml(join(folder, 'none.yaml'), 'recipe.yaml')).rejects.toMatchObject({
    ...fault,
    what: expect.stringContaining('ENOENT'),
  });
  await rm(folder, { recursive: true });
});

it.each([
  ['a pattern that looks like an alias', 'a: 1\nfiles: *.csv\n', 'recipe.yaml:2:8', '"*.csv"'],
  ['a name that comes later', 'a: *b\nb: &b 1\n', 'recipe.yaml:1:4', '"*b"'],
  ['a cut quote', 'a: "x\n', 'recipe.yaml:', 'quote'],
])('names the line of %s', (_, text, where, what) => {
  expect(() => parseYaml(text, 'recipe.yaml')).toThrowError(
    expect.objectContaining({
      errors: [
        expect.objectContaining({
          code: 'CONFIG_SYNTAX',
          where: expect.stringContaining(where),
          what: expect.stringContaining(what),
        }),
      ],
    }),
  );
});

it('does not unfold a bomb of aliases, and takes a few of them', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (let n = 1; n < 9; n++) {
    const [name, before] = ['abcdefghi'[n], 'abcdefghi'[n - 1]];
    bomb.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`);
  }
  expect(() => parseYaml(bomb.join('\n'), 'bomb.yaml')).toThrowError(
    expect.objectContaining({
      errors: [
        expect.objectContaining({ code: 'CONFIG_SYNTAX', where: expect.stringMatching(/^bomb\.yaml:9:/) }),
      ],
    }),
  );
  expect(parseYaml('a: &few [1, 2]\nb: *few\n', 'few.yaml').value).toEqual({ a: [1, 2], b: [1, 2] });
});

it('refuses the same in --set', () => {
  expect(() => parseOverrides(['dataset=*x'])).toThrowError(
    expect.objectContaining({ errors: [expect.objectContaining({ code: 'OVERRIDE_SYNTAX' })] }),
  );
});
