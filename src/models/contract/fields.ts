// Fields a model reads, and how groups of them are laid out as one encoded row.
import type { FeatureSide } from '../../prepared/format.js';
import type { FeatureSpec } from '../../prepared/manifest.js';

/** Where a field's value is found for a row. */
type FieldSource =
  | { readonly kind: 'entityId' }
  | { readonly kind: 'itemId' }
  | { readonly kind: 'feature'; readonly side: FeatureSide; readonly spec: FeatureSpec }
  /** index = (left * right.size + right) mod size; multi-valued when the right side is. */
  | { readonly kind: 'cross'; readonly left: Field; readonly right: Field };

export interface Field {
  readonly name: string;
  readonly kind: 'categorical' | 'multi' | 'numeric';
  /** Distinct indexes with the unknown at 0; 0 for numeric. */
  readonly size: number;
  readonly source: FieldSource;
}

/** An embedding table, kept outside the training graph; row 0 (the unknown) starts at zero. */
export interface TableSpec {
  readonly name: string;
  readonly rows: number;
  readonly dim: number;
  /** Deviation of the normal start values. */
  readonly scale: number;
  /** Key of `Model.optimizers`. */
  readonly optimizer: string;
}

/** One field inside a group: columns `offset` .. `offset + dim` of the encoded row. */
export interface GroupField {
  readonly field: Field;
  /** Table that embeds it; null for numeric fields, which take one column as they are. */
  readonly table: string | null;
  readonly dim: number;
  readonly offset: number;
}

export interface FieldGroup {
  readonly name: string;
  readonly fields: readonly GroupField[];
  readonly width: number;
  /** Share of encoded values set to zero in training (the rest scaled up to keep the mean). */
  readonly dropout: number;
}

/** A feature of the prepared data as a field. */
export function featureField(spec: FeatureSpec): Field {
  const size = spec.kind === 'numeric' ? 0 : spec.size;
  return { name: spec.name, kind: spec.kind, size, source: { kind: 'feature', side: spec.side, spec } };
}

/** The cross product of two index fields, folded into at most `buckets` indexes. Throws for numeric fields. */
export function crossField(left: Field, right: Field, buckets: number): Field {
  if (left.kind !== 'categorical' || right.kind === 'numeric')
    throw new Error(`cannot cross ${left.name} (${left.kind}) with ${right.name} (${right.kind})`);
  const size = Math.min(left.size * right.size, buckets);
  return {
    name: `${left.name}×${right.name}`,
    kind: right.kind,
    size,
    source: { kind: 'cross', left, right },
  };
}

/**
 * Lays fields side by side: numeric fields one column each, all others an embedding of `dim` columns from a table
 * of their own named `<group>.<field>`.
 */
export function layoutGroup(
  name: string,
  fields: readonly Field[],
  options: { dim: number; scale: number; optimizer: string; dropout?: number },
): { group: FieldGroup; tables: TableSpec[] } {
  const { dim, scale, optimizer, dropout = 0 } = options;
  let width = 0;
  const tables: TableSpec[] = [];
  const placed = fields.map((field): GroupField => {
    const columns = field.kind === 'numeric' ? 1 : dim;
    const table = field.kind === 'numeric' ? null : `${name}.${field.name}`;
    if (table !== null) tables.push({ name: table, rows: field.size, dim, scale, optimizer });
    const offset = width;
    width += columns;
    return { field, table, dim: columns, offset };
  });
  return { group: { name, fields: placed, width, dropout }, tables };
}
