// Lists of texts in YAML: what stands in them is compared with values of a log as text, so 01, 1.0 and TRUE are what they look like.
import { type Document, isScalar, isSeq, visit } from 'yaml';

/** Keys whose lists hold texts. */
const TEXT_LISTS = ['in', 'notIn', 'missing', 'positive', 'negative'];

/** Makes numbers and truth values of such lists the texts that they are written as; `rootKey` is the key of a value alone. */
export function keepTexts(document: Document.Parsed, rootKey?: string): void {
  const keep = (key: unknown, list: unknown): void => {
    if (!isSeq(list) || typeof key !== 'string' || !TEXT_LISTS.includes(key)) return;
    for (const item of list.items)
      if (
        isScalar(item) &&
        item.source !== undefined &&
        ['number', 'bigint', 'boolean'].includes(typeof item.value)
      )
        item.value = item.source;
  };
  keep(rootKey, document.contents);
  visit(document, { Pair: (_, { key, value }) => keep(isScalar(key) ? key.value : undefined, value) });
}
