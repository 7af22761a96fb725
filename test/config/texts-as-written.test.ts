// Lists of texts hold what is written in them, not the number that YAML reads; elsewhere numbers stay numbers.
import { expect, it } from 'vitest';
import { parseOverrides } from '../../src/config/overrides.js';
import { parseYaml } from '../../src/config/read-yaml.js';

it.each<[yaml: string, value: unknown]>([
  [
    'where: [{ column: id, in: [007, 9007199254740993, 1.0, 1e3, 0x1F, TRUE, ~, "08"] }]',
    ['007', '9007199254740993', '1.0', '1e3', '0x1F', 'TRUE', null, '08'],
  ],
  ['where: [{ column: id, notIn: [12, x] }]', ['12', 'x']],
])('%s', (yaml, value) => {
  const [{ in: some, notIn }] = (parseYaml(yaml, 'x').value as { where: [{ in?: unknown; notIn?: unknown }] })
    .where;
  expect(some ?? notIn).toEqual(value);
});

it('numbers of other lists, and of --set', () => {
  expect(parseYaml('label: { positive: [01], range: [1.0, 05], threshold: 04 }', 'x').value).toEqual({
    label: { positive: ['01'], range: [1, 5], threshold: 4 },
  });
  const set = parseOverrides([
    'columns.label.positive=[01, true]',
    'events.where=[{ column: a, in: [007] }]',
    'model.hidden=[064]',
  ]);
  expect(set.map(({ value }) => value)).toEqual([['01', 'true'], [{ column: 'a', in: ['007'] }], [64]]);
});
