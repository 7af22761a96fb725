// The author's code within ours: what it throws is told as a fault of its file, not as one of limaml.
import { CheckFailed, UserError, UserErrors } from '../../errors.js';
import type { Node } from '../../graph/ir/node.js';
import type { MetaPart, Model, ModelDefinition, Objective } from '../contract/definition.js';

/** The definition with every function of its author guarded. `file` is the file as the user knows it. */
export function guarded(definition: ModelDefinition, file: string): ModelDefinition {
  const within = <T>(what: string, run: () => T): T => {
    try {
      return run();
    } catch (error) {
      if (error instanceof UserError || error instanceof UserErrors || error instanceof CheckFailed)
        throw error;
      throw modelFault(file, `Its ${what} stopped: ${messageOf(error)}.`);
    }
  };
  const guardedPart = (part: MetaPart): MetaPart => {
    const { path } = part;
    const sized = (node: Node): Node => oneColumn(file, `vector "${part.name}"`, part.size, node);
    return {
      ...part,
      vector: (...given) => sized(within('vector', () => part.vector(...given))),
      ...(path === undefined
        ? {}
        : {
            path: (...given) => {
              const [first, ...more] = within('path', () => path(...given));
              return [sized(first), ...more.map(sized)];
            },
          }),
    };
  };
  const guardedObjectives =
    <Given extends readonly unknown[]>(
      objectives: (...given: Given) => readonly [Objective, ...Objective[]],
    ): typeof objectives =>
    (...given) => {
      const found = within('objectives', () => objectives(...given));
      for (const { logits } of found) oneColumn(file, 'objectives', 1, logits);
      return found;
    };
  return {
    ...definition,
    build: (config, inputs) => {
      const model = within('build', () => definition.build(config, inputs));
      const wrong = shapeFault(definition, model);
      if (wrong !== undefined) throw modelFault(file, `Its build gives ${wrong}.`);
      return {
        ...model,
        logits: (...given) =>
          oneColumn(
            file,
            'logits',
            1,
            within('logits', () => model.logits(...given)),
          ),
        ...(model.objectives === undefined ? {} : { objectives: guardedObjectives(model.objectives) }),
        ...(model.byRows === undefined
          ? {}
          : { byRows: { ...model.byRows, objectives: guardedObjectives(model.byRows.objectives) } }),
        adapts: model.adapts.map(guardedPart),
      };
    },
  };
}

/** What a model of the definition must have and this one has not. */
function shapeFault({ name, learns }: ModelDefinition, model: Partial<Model>): string | undefined {
  const lists = ['taskGroups', 'rowGroups', 'tables', 'parameters', 'adapts'] as const;
  const missing = lists.find((key) => !Array.isArray(model?.[key]));
  if (missing !== undefined) return `no list "${missing}"`;
  if (typeof model.logits !== 'function') return 'no function "logits"';
  if (model.name !== name) return `a model named "${model.name}", not "${name}"`;
  if (model.optimizers?.default === undefined) return 'no "optimizers.default"';
  if (model.learns?.by !== learns) return `a model that learns by "${model.learns?.by}", not by "${learns}"`;
  if (learns === 'episodes' && model.adapts?.length === 0 && model.reads === undefined)
    return 'nothing that is adapted and no support that is read, and learns by episodes';
  if ((model.adapts?.length ?? 0) > 1 || model.adapts?.some(({ side }) => side !== 'entity'))
    return 'several parts that are adapted, or one of another side than "entity", which nothing trains or serves yet';
  if (learns === 'counts' && typeof model.counted !== 'function')
    return 'no function "counted", and learns by counts';
  if (model.reads !== undefined && (learns !== 'episodes' || model.adapts?.length !== 0))
    return 'support that is read, and learns by rows or counts, or adapts besides';
  return undefined;
}

function oneColumn(file: string, what: string, width: number, node: Node): Node {
  if (node?.shape?.at(-1) === width) return node;
  throw modelFault(
    file,
    `The last axis of its ${what} is ${String(node?.shape?.at(-1))}; ${width} is wanted.`,
  );
}

export function modelFault(file: string, what: string): UserError {
  return new UserError({
    code: 'MODEL_FILE_FAULT',
    where: file,
    what,
    next: 'Mend the file; the contract in limaml/testing finds such faults one by one.',
  });
}

export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
