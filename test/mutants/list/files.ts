// Files that are left, taken or removed when they must not be.
import type { Mutant } from '../mutant.js';

export const FILE_MUTANTS: readonly Mutant[] = [
  {
    name: 'A6',
    what: "an interrupted file's temporary stays",
    file: 'src/atomic-files.ts',
    search: '    rmSync(temporary, { force: true });\n',
    replace: '',
    tests: ['test/atomic-files.test.ts'],
  },
  {
    name: 'U2',
    what: 'leftovers of a living process are removed',
    file: 'src/leftovers.ts',
    search: 'filter(({ owner }) => !isAlive(owner))',
    replace: 'filter(({ owner }) => owner.pid > 0)',
    tests: ['test/leftovers.test.ts'],
  },
  {
    name: 'U2b',
    what: 'any name of that form is taken for ours',
    file: 'src/temporary-names.ts',
    search: '  if (stamp.slice(-PROOF) !== proofOf(said)) return undefined;\n',
    replace: '',
    tests: ['test/leftovers.test.ts'],
  },
  {
    name: 'L1',
    what: 'a folder that was killed between its two renames stays away',
    file: 'src/leftovers.ts',
    search: "if (kind !== 'old' || existsSync(path)) continue;",
    replace: 'continue;',
    tests: ['test/leftovers.test.ts'],
  },
];
