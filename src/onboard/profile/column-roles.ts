// What a descriptor does with each raw column.
import type { ResolvedDescriptor } from '../../prep/descriptor/resolve.js';
import { statedSplit } from '../../prep/descriptor/split.js';
import type { ColumnRole } from './dataset-profile.js';

/** Roles of a raw column of the events or a side table, and the features read from it. */
export function columnRoles(
  descriptor: ResolvedDescriptor,
  source: string,
  column: string,
): { readonly roles: readonly ColumnRole[]; readonly features: readonly string[] } {
  const roles: ColumnRole[] = source === 'events' ? eventRoles(descriptor, column) : [];
  if (source !== 'events' && descriptor.tables[source]?.key === column) roles.push('key');
  const features = descriptor.features.flatMap((feature) => {
    if (!('from' in feature) || feature.from !== source) return [];
    const read = feature.kind === 'multi' ? feature.flags : undefined;
    return (read ?? [feature.column ?? feature.name]).includes(column) ? [feature.name] : [];
  });
  if (features.length > 0) roles.push('feature');
  return { roles: roles.length === 0 ? ['unused'] : roles, features };
}

function eventRoles(descriptor: ResolvedDescriptor, column: string): ColumnRole[] {
  const { columns, split, tables } = descriptor;
  const { timestamp, label } = columns;
  const labelled =
    label.kind === 'implicit'
      ? []
      : label.kind === 'counts'
        ? [label.positives, label.total]
        : [label.column];
  const roles: ColumnRole[] = [];
  if ([columns.entity].flat().includes(column)) roles.push('entity');
  if ([columns.item].flat().includes(column)) roles.push('item');
  if ('column' in timestamp && timestamp.column === column) roles.push('timestamp');
  if (labelled.includes(column)) roles.push('label');
  if (columns.truth === column) roles.push('truth');
  if (statedSplit(split)?.column === column) roles.push('split');
  if (Object.values(tables).some(({ on }) => on === column && on !== 'entity' && on !== 'item'))
    roles.push('key');
  return roles;
}
