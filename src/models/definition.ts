// What a model is to the rest of the program: its options, its parameters, and its graph from features to logits.
import type { z } from 'zod';
import type { Node } from '../graph/node.js';
import type { Field, FieldGroup, TableSpec } from './fields.js';
import type { OptimizerOptions } from './options.js';

export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** `normal`: deviation `scale`; `constant`: the value `scale`. */
  readonly init: { readonly kind: 'normal' | 'constant'; readonly scale: number };
  /** Weight decay applies (weights yes, biases and rates no). */
  readonly decay: boolean;
  /** False for a value that is set, not learned. Default true. */
  readonly trained?: boolean;
  /** Key of `Model.optimizers`; `default` when absent. */
  readonly optimizer?: string;
}

/** Dense parameters as graph nodes, by name. */
export type Parameters = Readonly<Record<string, Node>>;

/** Encoded features of a set of rows, by group name: [..., width]. */
export type EncodedGroups = Readonly<Record<string, Node>>;

/** The support rows of a batch of tasks. */
export interface SupportNodes {
  /** Row-level groups, each [tasks, support, width]. */
  readonly rows: EncodedGroups;
  /** Clicks, 0 or 1: [tasks, support, 1]. */
  readonly label: Node;
  /** 1 for a real row, 0 for padding: [tasks, support, 1]. */
  readonly mask: Node;
  /** Weights that pool support rows into one vector, summing to 1 for a task with support: [tasks, support, 1]. */
  readonly pool: Node;
}

/** How the meta embedding comes about. Absent in models that learn nothing per entity. */
export interface MetaPart {
  readonly size: number;
  /** Inner steps in training and at adaptation; they differ only for plain fine-tuning. */
  readonly trainSteps: number;
  readonly adaptSteps: number;
  /**
   * The adapted meta embedding, [tasks, 1, size], after `steps` inner steps (0: the prior).
   * `task` holds the entity-level groups, each [tasks, 1, width].
   */
  vector(parameters: Parameters, task: EncodedGroups, support: SupportNodes, steps: number): Node;
  /** How support rows are weighed when the meta block sees row features. */
  readonly pooling: 'mean' | 'last' | 'recency';
  readonly episodes: EpisodeOptions;
  /** Inner rates tried on validation rows, for a model whose rate is not learned in training. */
  readonly rateGrid?: { readonly parameter: string; readonly values: readonly number[] };
}

export interface EpisodeOptions {
  /** Entities in one meta-batch. */
  readonly tasks: number;
  readonly maxSupport: number;
  readonly maxQuery: number;
  /** `time`: support strictly before query. `random`: disjoint draws from the training history. */
  readonly order: 'time' | 'random';
  /** Share of episodes with no support at all, so that the global block learns the prior. */
  readonly emptyShare: number;
}

export interface Model {
  readonly name: string;
  /** Groups read once an entity (meta features) and once a row. */
  readonly taskGroups: readonly FieldGroup[];
  readonly rowGroups: readonly FieldGroup[];
  readonly tables: readonly TableSpec[];
  readonly parameters: readonly ParameterSpec[];
  /** By the name that tables and parameters refer to; `default` applies to the rest. */
  readonly optimizers: Readonly<Record<string, OptimizerOptions>> & { readonly default: OptimizerOptions };
  /** Rows in one batch of a model without tasks. */
  readonly batchRows: number;
  /** Share of training rows whose IDs are replaced by the unknown, so that its embedding is learned. */
  readonly unknownShare: number;
  readonly meta?: MetaPart;
  /** Click logits [..., 1] of rows whose groups are [..., width]; `vector` is [..., size], broadcast over rows. */
  logits(parameters: Parameters, rows: EncodedGroups, vector: Node | undefined): Node;
}

/** What a model can read: fields by name, as selected by the recipe from a prepared data set. */
export interface ModelInputs {
  readonly entityId: Field;
  readonly itemId: Field;
  readonly entity: readonly Field[];
  readonly item: readonly Field[];
  readonly event: readonly Field[];
}

export interface ModelDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly summary: string;
  /** Whether it adapts on an entity's support rows: exactly then what it builds has a `meta` part. */
  readonly supports: boolean;
  readonly config: Schema;
  build(config: z.output<Schema>, inputs: ModelInputs): Model;
}

/** Keeps the option types of one model together. */
export function defineModel<Schema extends z.ZodType>(
  definition: ModelDefinition<Schema>,
): ModelDefinition<Schema> {
  return definition;
}
