// Reads a YAML file so that every value can later be named by its line and column.
import { readFile } from 'node:fs/promises';
import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { UserError, UserErrors } from '../errors.js';

/** A place in a document: keys and indexes from the root. */
export type Path = readonly (string | number)[];

export interface YamlFile {
  /** As the user named it. */
  readonly file: string;
  readonly value: unknown;
  /** `file:line:column` of the key of `path` (or of the item, in a list), from 1; undefined when the file has no such place. */
  originOf(path: Path): string | undefined;
}

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
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    throw new UserErrors(
      faults.map((fault) => {
        const { line, col } = lines.linePos(fault.pos[0]);
        return new UserError({
          code: 'CONFIG_SYNTAX',
          where: `${file}:${line}:${col}`,
          what: `This is not valid YAML: ${fault.message}.`,
          next: 'Mind the indentation, and quote texts that hold ": " or " #".',
        });
      }),
    );
  }
  return {
    file,
    value: document.toJS({ maxAliasCount: 100 }) as unknown,
    originOf: (path) => {
      const offset = offsetOf(document.contents, path);
      if (offset === undefined) return undefined;
      const { line, col } = lines.linePos(offset);
      return `${file}:${line}:${col}`;
    },
  };
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
