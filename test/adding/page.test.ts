// How a page is read: what is followed, and that nothing that cannot be followed passes in silence.
import { describe, expect, it } from 'vitest';
import { changed, stepsOf } from './page.js';

const PAGE = `# Adding

New file \`src/a.ts\`:

\`\`\`ts
// A.
\`\`\`

In \`src/list.ts\`, its line:

\`\`\`diff
 one
+two
…
-three
+four
\`\`\`

Run:

\`\`\`sh
npm test
npx limaml
\`\`\`
`;

describe('a page', () => {
  it('is files, changes and commands, in order', () => {
    expect(stepsOf(PAGE)).toEqual([
      { kind: 'make', file: 'src/a.ts', text: '// A.\n' },
      {
        kind: 'change',
        file: 'src/list.ts',
        hunks: [
          { before: ['one'], after: ['one', 'two'] },
          { before: ['three'], after: ['four'] },
        ],
      },
      { kind: 'run', command: 'npm test' },
      { kind: 'run', command: 'npx limaml' },
    ]);
  });

  it('may hold no block that nobody would follow', () => {
    expect(() => stepsOf(`${PAGE}\nLike so:\n\n\`\`\`ts\nx();\n\`\`\`\n`)).toThrow('1 code blocks');
    expect(() => stepsOf(PAGE.replace('+two', 'two'))).toThrow('begins with');
  });
});

describe('a change', () => {
  it('exchanges lines that stand in the file once', () => {
    const hunk = { before: ['b'], after: ['b', 'new'] };
    expect(changed('a\nb\nc\n', hunk)).toBe('a\nb\nnew\nc\n');
    expect(changed('b\n', hunk)).toBe('b\nnew\n');
    expect(() => changed('a\nbb\n', hunk)).toThrow('found 0 times');
    expect(() => changed('b\na\nb\n', hunk)).toThrow('found 2 times');
  });
});
