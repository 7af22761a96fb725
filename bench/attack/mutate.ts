// Inputs with something wrong in them, made from right ones: bytes, texts and trees of values.
import type { RandomStream } from '../../src/random.js';
import { pick } from './context.js';

/** Values that stand for every type, and the edges of each. */
const ODD: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  0.5,
  1e308,
  -1e308,
  2 ** 53 + 2,
  2 ** 31,
  '',
  ' ',
  'x',
  '../../x',
  "'; SELECT 1; --",
  '__proto__',
  '\u0000',
  'x'.repeat(5000),
  [],
  [null],
  [[]],
  {},
  { a: {} },
];

const SNIPPETS = [
  ...[
    '',
    ',',
    '"',
    "'",
    '\n',
    '\r',
    '\t',
    '\0',
    ':',
    '- ',
    '{',
    '}',
    '[',
    ']',
    '#',
    '|',
    '&a ',
    '*a',
    '!!x ',
    '---\n',
  ],
  ...[
    '0',
    '-1',
    '1e999',
    'NaN',
    'null',
    'true',
    '~',
    '\ufeff',
    '\u2028',
    '\\',
    '%',
    '💥',
    '<<: ',
    'é',
    '9'.repeat(40),
  ],
];

/** Text with one to three changes. */
export function mutateText(random: RandomStream, whole: string): string {
  let text = whole;
  for (let n = 1 + random.integer(3); n > 0; n--) {
    const at = random.integer(text.length + 1);
    const length = random.integer(12);
    const lines = text.split('\n');
    const line = random.integer(lines.length);
    switch (random.integer(7)) {
      case 0:
        text = text.slice(0, at) + pick(random, SNIPPETS) + text.slice(at);
        break;
      case 1:
        text = text.slice(0, at) + text.slice(at + length);
        break;
      case 2:
        text = text.slice(0, at) + pick(random, SNIPPETS) + text.slice(at + length);
        break;
      case 3:
        text = lines.toSpliced(line, 1).join('\n');
        break;
      case 4:
        text = lines.toSpliced(line, 0, lines[random.integer(lines.length)]!).join('\n');
        break;
      case 5:
        text = text.slice(0, at);
        break;
      default:
        text = text.replace(/\d+(\.\d+)?/, (number) =>
          random.uniform() < 0.5 ? `-${number}` : `${number}e300`,
        );
    }
  }
  return text;
}

/** Bytes with one to three changes. */
export function mutateBytes(random: RandomStream, whole: Buffer): Buffer {
  let bytes = Buffer.from(whole);
  for (let n = 1 + random.integer(3); n > 0 && bytes.length > 0; n--) {
    const at = random.integer(bytes.length);
    switch (random.integer(4)) {
      case 0:
        bytes[at] = random.integer(256);
        break;
      case 1:
        bytes = Buffer.from(bytes.subarray(0, at));
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.integer(16))]);
        break;
      default:
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from([random.integer(256)]),
          bytes.subarray(at),
        ]);
    }
  }
  return bytes;
}

type Tree = Record<string, unknown> | unknown[];
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/** A copy of a JSON value with one to three places changed: gone, of another type, doubled, or moved. */
export function mutateTree(random: RandomStream, whole: unknown): unknown {
  const root: { value: unknown } = { value: structuredClone(whole) };
  for (let n = 1 + random.integer(3); n > 0; n--) {
    let parent: Tree = root;
    let key: string = 'value';
    for (;;) {
      const child = (parent as Record<string, unknown>)[key];
      const keys = isTree(child) ? Object.keys(child) : [];
      if (keys.length === 0 || (parent !== (root as unknown as Tree) && random.uniform() < 0.25)) break;
      parent = child as Tree;
      key = pick(random, keys);
    }
    change(random, parent, key);
  }
  return root.value;
}

function change(random: RandomStream, parent: Tree, key: string): void {
  const here = parent as Record<string, unknown>;
  const value = here[key];
  switch (random.integer(5)) {
    case 0:
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete here[key];
      return;
    case 1:
      if (Array.isArray(parent)) parent.push(structuredClone(value));
      else here[`${key}x`] = structuredClone(value);
      return;
    case 2:
      here[key] =
        typeof value === 'number' ? pick(random, [-value, value + 1, value / 3, value * 1e6]) : [value];
      return;
    case 3:
      here[key] = typeof value === 'string' ? mutateText(random, value) : String(value);
      return;
    default:
      here[key] = structuredClone(pick(random, ODD));
  }
}
