// Roles of columns that a descriptor leaves to a person: `limaml init` writes TODO where it could only have guessed.

const ROLES = ['entity', 'item', 'timestamp', 'label'] as const;

interface UnsettledRole {
  /** Place in the descriptor. */
  readonly path: readonly (string | number)[];
  /** The question as it stands in the file, without TODO. */
  readonly question: string;
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The roles of a descriptor, as read from its file, that begin with TODO. Pure. */
export function unsettledRoles(tree: unknown): readonly UnsettledRole[] {
  if (!isMapping(tree)) return [];
  const { layouts, columns } = tree;
  const inLayouts = Array.isArray(layouts)
    ? layouts.flatMap((layout, index) =>
        isMapping(layout) ? inColumns(layout['columns'], ['layouts', index, 'columns']) : [],
      )
    : [];
  return [...inColumns(columns, ['columns']), ...inLayouts];
}

function inColumns(columns: unknown, path: readonly (string | number)[]): readonly UnsettledRole[] {
  if (!isMapping(columns)) return [];
  return ROLES.flatMap((role) => {
    const value = columns[role];
    const text = typeof value === 'string' ? /^TODO\b[:\s]*(.*)$/s.exec(value)?.[1] : undefined;
    return text === undefined ? [] : [{ path: [...path, role], question: text.trim() }];
  });
}
