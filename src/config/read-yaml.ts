// Reads a YAML file so that every value can later be named by its line and column.
import { readFile } from 'node:fs/promises';
import {
  type Alias,
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import { UserError, UserErrors } from '../errors.js';
import { keepTexts } from './texts-as-written.js';

/** A place in a document: keys and indexes from the root. */
export type Path = readonly (string | number)[];

export interface YamlFile {
  /** As the user named it. */
  readonly file: string;
  readonly value: unknown;
  /** `file:line:column` of the key of `path` (or of the item, in a list), from 1; undefined when the file has no such place. */
  originOf(path: Path): string | undefined;
}

/** More than any recipe has, less than a bomb. */
const MOST_ALIASES = 100;

/** Reads and parses a file. Throws CONFIG_MISSING, or every CONFIG_SYNTAX fault at once. */
export async function readYaml(path: string, shownAs = path): Promise<YamlFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UserError(
      {
        code: 'CONFIG_MISSING',
        where: shownAs,
        what: `This file cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}.`,
        next: 'Check the path.',
      },
      { cause: error },
    );
  }
  return parseYaml(text, shownAs);
}

/** The same for text already read; a byte-order mark is dropped. */
export function parseYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ''), { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const { value, faults } = plainValue(document);
  if (faults.length > 0) {
    throw new UserErrors(
      faults.map(
        ({ offset, what }) =>
          new UserError({
            code: 'CONFIG_SYNTAX',
            where: at(offset),
            what: `This is not valid YAML: ${what}.`,
            next: 'Mind the indentation, and quote texts that hold ": " or " #", or begin with "*" or "&".',
          }),
      ),
    );
  }
  return {
    file,
    value,
    originOf: (path) => {
      const offset = offsetOf(document.contents, path);
      return offset === undefined ? undefined : at(offset);
    },
  };
}

interface YamlFault {
  /** From the beginning of the text. */
  readonly offset: number;
  readonly what: string;
}

/** The plain value of a parsed text, which may be that of a key alone; or what is wrong with it: its syntax, names after "*" that nothing has, too many of them. */
export function plainValue(
  document: Document.Parsed,
  rootKey?: string,
): {
  readonly value: unknown;
  readonly faults: readonly YamlFault[];
} {
  const aliases: Alias[] = [];
  visit(document, { Alias: (_, alias) => void aliases.push(alias) });
  const offsetOfAlias = (alias: Alias | undefined): number => alias?.range?.[0] ?? 0;
  const faults = [
    ...[...document.errors, ...document.warnings].map(({ pos, message }) => ({
      offset: pos[0],
      what: message,
    })),
    ...aliases
      .filter((alias) => alias.resolve(document) === undefined)
      .map((alias) => ({
        offset: offsetOfAlias(alias),
        what: `"*${alias.source}" stands for what is named "&${alias.source}", and nothing is`,
      })),
  ];
  if (faults.length > 0) return { value: undefined, faults };
  keepTexts(document, rootKey);
  try {
    return { value: document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown, faults: [] };
  } catch (error) {
    // The library gives up on aliases of aliases, which can stand for more than any memory holds.
    const what = `its aliases stand for too much (${(error as Error).message})`;
    return { value: undefined, faults: [{ offset: offsetOfAlias(aliases.at(-1)), what }] };
  }
}

function offsetOf(root: Node | null, path: Path): number | undefined {
  let node: unknown = root;
  let offset = isNode(root) ? root.range?.[0] : undefined;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        ({ key }) => (isScalar(key) ? String(key.value) : undefined) === String(step),
      );
      if (pair === undefined) return undefined;
      offset = isNode(pair.key) ? pair.key.range?.[0] : undefined;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (node === undefined) return undefined;
      offset = isNode(node) ? node.range?.[0] : undefined;
    } else {
      return undefined;
    }
  }
  return offset;
}
