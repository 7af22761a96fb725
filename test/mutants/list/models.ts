// Models that are not what their options, their name or their hash say.
import type { Mutant } from '../mutant.js';

export const MODELS_MUTANTS: readonly Mutant[] = [
  {
    name: 'M1',
    what: 'the meta block has ReLUs whatever meta.activation says',
    file: 'src/models/blocks/meta-block.ts',
    search: 'ACTIVATIONS[activation](z)',
    replace: "ACTIVATIONS[activation && 'relu'](z)",
    tests: ['test/models/smooth-activations.test.ts'],
  },
  {
    name: 'M2',
    what: 'the hidden layers of a network have ReLUs whatever they were asked for',
    file: 'src/models/layers/mlp.ts',
    search: 'ACTIVATIONS[activation](z)',
    replace: "ACTIVATIONS[activation && 'relu'](z)",
    tests: ['test/models/layers.test.ts'],
  },
  {
    name: 'M3',
    what: 'a cross layer multiplies with what the layer before gave, not with the features',
    file: 'src/models/dcnv2.ts',
    search: 'add(mul(x0, dense(p, names, x)), x)',
    replace: 'add(mul(x0, dense(p, names, x0)), x)',
    tests: ['test/models/dcnv2.test.ts'],
  },
  {
    name: 'M4',
    what: 'a run is read with whatever file lies in it for its model',
    file: 'src/runs/model-files.ts',
    search: 'if (found !== sha256)',
    replace: "if (found === 'missing')",
    tests: ['test/runs/model-files.test.ts'],
  },
  {
    name: 'M5',
    what: 'a changed file of a model makes no other run',
    file: 'src/config/recipe-schema.ts',
    search: '? { name, config, sha256 } : { name, config }',
    replace: '? { name, config } : { name, config }',
    tests: ['test/runs/model-files.test.ts'],
  },
  {
    name: 'M6',
    what: 'a pinned hash is not looked at',
    file: 'src/config/own-models.ts',
    search: 'if (sha256 !== undefined && sha256 !== own.sha256)',
    replace: 'if (sha256 === null)',
    tests: ['test/cli/own-model.test.ts'],
  },
  {
    name: 'M7',
    what: 'a score may hang on the rows around it',
    file: 'src/testing/checks/scoring.ts',
    search: "within(alone([logit!], feeds, 'rows'), straight.data, 1e-9",
    replace: 'within(straight.data, straight.data, 1e-9',
    tests: ['test/testing/contract-notices.test.ts'],
  },
  {
    name: 'M8',
    what: 'a gradient counts as right when it was so in no draw',
    file: 'src/testing/checks/gradients.ts',
    search: '!(Math.abs(along - expected) <= TOLERANCE * size)',
    replace: 'Number.isNaN(along)',
    tests: ['test/testing/contract-notices.test.ts'],
  },
];
