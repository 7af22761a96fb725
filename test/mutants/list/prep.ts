// Logs that are read, cut or described otherwise than they are.
import type { Mutant } from '../mutant.js';

export const PREP_MUTANTS: readonly Mutant[] = [
  {
    name: 'F1',
    what: 'the fast CSV reader does not know the escape character, and the careful one takes over in silence',
    file: 'src/prep/sources/raw-relation.ts',
    search: '(source.escape ?? quote)',
    replace: 'quote',
    tests: ['test/prep/reading-path.test.ts'],
  },
];
