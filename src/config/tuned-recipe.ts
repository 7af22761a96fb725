// A recipe's text with the winners of a sweep written into it; comments and order stay.
import { parseDocument } from 'yaml';

/** What one model won with: values by dotted key, as `--set` takes them while that model is the one that is trained. */
interface Winner {
  readonly model: string;
  readonly values: Readonly<Record<string, unknown>>;
}

interface TunedRecipe {
  readonly text: string;
  /** Keys outside the models' sections on which the winners do not agree: one recipe cannot hold both values. */
  readonly unsettled: readonly string[];
}

/** The text of a recipe that could be read, and the winners of models that it has. */
export function tunedRecipe(text: string, ownModel: string, winners: readonly Winner[]): TunedRecipe {
  const document = parseDocument(text);
  const unsettled = new Set<string>();
  for (const { model, values } of winners)
    for (const [key, value] of Object.entries(values)) {
      const path = key.split('.');
      if (path[0] === 'model')
        document.setIn(model === ownModel ? path : ['baselines', model, ...path.slice(1)], value);
      else if (winners.every((other) => JSON.stringify(other.values[key]) === JSON.stringify(value)))
        document.setIn(path, value);
      else unsettled.add(key);
    }
  document.deleteIn(['sweep']);
  return { text: document.toString({ lineWidth: 120 }), unsettled: [...unsettled] };
}
