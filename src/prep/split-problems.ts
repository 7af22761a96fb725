// Splits that nothing can be learned from, or judged by: without rows, or with rows of one label.
import type { SplitName } from '../prepared/format.js';
import type { PreparedManifest, SplitSummary } from '../prepared/manifest.js';

export interface SplitProblem {
  readonly code: 'SPLIT_EMPTY' | 'SPLIT_ONE_CLASS';
  readonly split: SplitName;
  /** What is wrong and what it means, in one or two sentences. */
  readonly text: string;
  /** What to change in the descriptor. */
  readonly next: string;
}

const WORDS = { train: 'training', valid: 'validation', test: 'test' } as const;
const MEANS = {
  train: 'nothing can be learned',
  valid: 'the epoch cannot be chosen by an AUC',
  test: 'no AUC can be measured',
} as const;

/** How the rows were split, as far as the manifest says: other programs may say nothing. */
export function splitKind({ descriptor }: Pick<PreparedManifest, 'descriptor'>): string {
  const { split } = (descriptor ?? {}) as { readonly split?: { readonly kind?: unknown } };
  return String(split?.kind ?? '');
}

/** Problems in the order train, valid, test. Pure. */
export function splitProblems(
  splits: Readonly<Record<SplitName, Pick<SplitSummary, 'rows' | 'labelRate'>>>,
  kind: string,
): readonly SplitProblem[] {
  const next =
    kind === 'given'
      ? 'Check the files, or the column and its values, that state the split.'
      : kind === 'global-time'
        ? 'Change split.test and split.valid (or validFrom and testFrom), use "split.kind: per-entity-time", or check the label.'
        : 'Change split.test and split.valid, use another split.kind, or check the label.';
  return (['train', 'valid', 'test'] as const).flatMap((split): SplitProblem[] => {
    const { rows, labelRate } = splits[split];
    if (rows === 0)
      return [
        { code: 'SPLIT_EMPTY', split, text: `There are no ${WORDS[split]} rows: ${MEANS[split]}.`, next },
      ];
    if (labelRate > 0 && labelRate < 1) return [];
    const text = `All ${rows} ${WORDS[split]} rows have the label ${labelRate}: ${MEANS[split]}.`;
    return [{ code: 'SPLIT_ONE_CLASS', split, text, next }];
  });
}
