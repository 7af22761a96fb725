// How the log is split into training, validation and test rows: the fields of every kind of split in one flat object.
import { z } from 'zod';
import { SPLIT_KINDS } from '../split-kinds/registry.js';
import type { StatedSplit } from '../split-kinds/split-kind.js';

type Kind = (typeof SPLIT_KINDS)[number];
type All<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer I) => void ? I : never;

const NAMES = SPLIT_KINDS.map(({ name }) => name) as [Kind['name'], ...Kind['name'][]];
const FIELDS = Object.assign({}, ...SPLIT_KINDS.map(({ fields }) => fields)) as All<Kind['fields']>;

/** What every descriptor of prepared format 1 holds, whatever its kind: it is part of the hash of what was prepared. */
const ALWAYS_HELD = ['validFrom', 'testFrom', 'support', 'seed', 'column', 'values', 'overlap'];

const fraction = z.number().gt(0).lt(1);
const common = {
  kind: z.enum(NAMES).default(NAMES[0]),
  test: fraction.default(0.2),
  valid: fraction.default(0.1),
  /** Rows so close before a boundary are dropped: outcomes that were not known yet when the model was made. */
  purgeMinutes: z.number().min(0).default(0),
};

/** One flat object, so that `--set split.kind=…` alone is a valid override; fields of other kinds are ignored. */
export const splitSchema = z
  .strictObject({ ...common, ...FIELDS })
  .superRefine((split, context) => {
    if (split.test + split.valid >= 1)
      context.addIssue({ code: 'custom', message: 'test + valid leave no training rows' });
    if (splitKind(split).overlaps === true && split.overlap !== 'warn')
      context.addIssue({
        code: 'custom',
        path: ['overlap'],
        message: `${split.kind} rows of training are later than rows they are judged by. Say "overlap: warn" to measure so; models that adapt cannot be`,
      });
    for (const { holds, message } of splitKind(split).rules ?? [])
      if (!holds(split)) context.addIssue({ code: 'custom', message });
  })
  .transform((split) => {
    const held = [...Object.keys(common), ...ALWAYS_HELD, ...Object.keys(splitKind(split).fields)];
    return Object.fromEntries(Object.entries(split).filter(([name]) => held.includes(name))) as typeof split;
  });

export type SplitDescriptor = z.output<typeof splitSchema>;

/** The kind of split that a descriptor asks for. */
export function splitKind({ kind }: { readonly kind: Kind['name'] }): Kind {
  return SPLIT_KINDS.find(({ name }) => name === kind)!;
}

/** Where the log itself states the split of its rows; undefined for a split that is made. */
export function statedSplit(split: SplitDescriptor): StatedSplit | undefined {
  const kind = splitKind(split);
  return 'stated' in kind ? kind.stated?.(split) : undefined;
}
