// The contract's checks of what a model says of itself.
import assert from 'node:assert/strict';
import type { Check } from '../subject/subject.js';

export const DEFINITION_CHECKS: readonly Check[] = [
  {
    name: 'has a default for every option, and refuses an option it does not have',
    async run({ definition: { config } }) {
      const defaults = config.safeParse({});
      assert.ok(defaults.success, `its defaults are refused: ${defaults.error?.message}`);
      assert.ok(!config.safeParse({ noSuchOption: 1 }).success, 'an option "noSuchOption" is taken');
    },
  },
  {
    name: 'is named and learns as it says, and takes supports exactly when it learns by episodes',
    async run({ definition, model }) {
      assert.equal(model.name, definition.name, 'name of what it builds');
      assert.equal(model.learns.by, definition.learns, 'how what it builds learns');
      const takes = model.adapts.length > 0 || model.reads !== undefined;
      if (definition.learns !== 'counts')
        assert.equal(takes, definition.learns === 'episodes', 'whether it adapts or reads supports');
    },
  },
  {
    name: 'adapts one part at most, and that to the entity',
    async run({ model: { adapts } }) {
      const other = adapts.filter(({ side }, i) => i > 0 || side !== 'entity');
      assert.deepEqual(other, [], 'parts that nothing trains or serves yet');
    },
  },
  {
    name: 'names every parameter, table and vector once',
    async run({ model }) {
      for (const [what, named] of Object.entries({
        parameters: model.parameters,
        tables: model.tables,
        vectors: model.adapts,
        groups: [...model.taskGroups, ...model.rowGroups],
      })) {
        const names = named.map(({ name }) => name);
        assert.equal(new Set(names).size, names.length, `names of ${what}: ${names.join(', ')}`);
      }
    },
  },
];
