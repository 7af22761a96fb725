// What a model is to the rest of the program: its options, its parameters, and its graph from features to logits.

import type { z } from 'zod';
import type { Node } from '../../graph/ir/node.js';
import type { Field, FieldGroup, TableSpec } from './fields.js';
import type { CountedNumbers, LabelCounts } from './label-counts.js';
import type { OptimizerOptions } from './options.js';
import type { Pooling } from './pooling.js';
import type { HiddenDropout, TrainingPass } from './training-pass.js';

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
  /** Of a value that follows a running average (`TrainingPass.average`): the share of the old value that a step keeps. */
  readonly running?: { readonly momentum: number };
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

/** A part of the network that is adapted to one entity (or one item) by its own rows: how its vector comes about. */
export interface MetaPart {
  /** Of its vector: the key in `vectors`, and the tensor's name in programs and bundles. */
  readonly name: string;
  /** Whose rows adapt it. A part of items is refused as yet, and so are several parts. */
  readonly side: 'entity' | 'item';
  readonly size: number;
  /** Most support rows it adapts on, the latest ones. */
  readonly maxSupport: number;
  /** Inner steps in training and at adaptation; they differ only for plain fine-tuning. */
  readonly trainSteps: number;
  readonly adaptSteps: number;
  /**
   * The adapted meta embedding, [tasks, 1, size], after `steps` inner steps (0: the prior).
   * `task` holds the entity-level groups, each [tasks, 1, width].
   */
  vector(parameters: Parameters, task: EncodedGroups, support: SupportNodes, steps: number): Node;
  /** The vectors after 0, 1, … `steps` inner steps, the last of them that of `vector`; for a model with `objectives`. */
  path?(
    parameters: Parameters,
    task: EncodedGroups,
    support: SupportNodes,
    steps: number,
  ): readonly [Node, ...Node[]];
  /** How support rows are weighed when the meta block sees row features. */
  readonly pooling: Pooling;
}

/** What a model is told that reads support rows while it scores: what its vectors could not hold. */
interface SupportRead {
  /** Most support rows of an entity that it reads, the latest ones. */
  readonly maxSupport: number;
}

/** Vectors of the adapted parts by name, each [..., size], broadcast over rows. */
export type Vectors = Readonly<Record<string, Node>>;

/** Vectors of the adapted parts by name, before the first inner step and after each. */
export type Paths = Readonly<Record<string, readonly [Node, ...Node[]]>>;

/** Logits [..., 1] whose loss is part of what training minimises, and how much it counts. */
export interface Objective {
  readonly logits: Node;
  readonly weight: number;
}

/** How training rows reach a model: in batches of single rows, as episodes of entities (for those that adapt), or counted once. */
export type Learning =
  | { readonly by: 'rows'; readonly batchRows: number }
  | ({ readonly by: 'episodes' } & EpisodeOptions)
  | { readonly by: 'counts' };

/** How the histories of entities are sampled into episodes. */
export interface EpisodeOptions {
  /** Entities in one meta-batch. */
  readonly tasks: number;
  readonly maxQuery: number;
  /** `time`: support strictly before query. `random`: disjoint draws from the training history. */
  readonly order: 'time' | 'random';
  /**
   * Share of episodes with no support at all, so that the global block learns the prior; `as-served`: no support and short ones as
   * often as the validation rows have them.
   */
  readonly emptyShare: number | 'as-served';
}

export interface Model {
  readonly name: string;
  /** Groups read once an entity (meta features) and once a row. */
  readonly taskGroups: readonly FieldGroup[];
  readonly rowGroups: readonly FieldGroup[];
  /** Those of the row groups that are read of episodes, support and query; all of them when absent. */
  readonly episodeGroups?: readonly FieldGroup[];
  readonly tables: readonly TableSpec[];
  readonly parameters: readonly ParameterSpec[];
  /** By the name that tables and parameters refer to; `default` applies to the rest. */
  readonly optimizers: Readonly<Record<string, OptimizerOptions>> & { readonly default: OptimizerOptions };
  readonly learns: Learning;
  /** Share of training rows whose IDs are replaced by the unknown, so that its embedding is learned. */
  readonly unknownShare: number;
  /** What is adapted to an entity's own rows: one part; none in models that learn by rows. */
  readonly adapts: readonly MetaPart[];
  /**
   * Set for a model that reads the entity's support rows beside every row that it scores: `logits` is given them, and its rows are
   * [tasks, query, width] everywhere. No vector stands for that, so such a model is not exported.
   */
  readonly reads?: SupportRead;
  /** Of a model that learns by counts: its numbers. No gradient moves them. */
  counted?(counts: LabelCounts): CountedNumbers;
  /** Dropout of hidden layers that `logits` asks its training pass for; none when absent. */
  readonly hiddenDropouts?: readonly HiddenDropout[];
  /** Values of one parameter tried on validation rows, for a model whose inner rate is not learned in training. */
  readonly rateGrid?: RateGrid;
  /**
   * One parameter in [0, 1] that mixes two logits, one at 0 and one at 1, and what it may be: chosen on validation rows once the epoch is,
   * the first unless another is better.
   */
  readonly headShare?: RateGrid;
  /**
   * Click logits [..., 1] of rows whose groups are [..., width]. `pass` is given in training programs alone, `support` to models that
   * read it.
   */
  logits(
    parameters: Parameters,
    rows: EncodedGroups,
    vectors: Vectors,
    pass?: TrainingPass,
    support?: SupportNodes,
  ): Node;
  /** What training minimises: the sum of these losses, in place of the loss of `logits`. */
  objectives?(
    parameters: Parameters,
    rows: EncodedGroups,
    paths: Paths,
    pass: TrainingPass,
  ): readonly [Objective, ...Objective[]];
  /** What of a model that learns by episodes learns by single rows beside them, all rows once an epoch. */
  readonly byRows?: RowPart;
}

/**
 * A part that no vector enters: an outer step takes a batch of single rows for it, beside its episodes. Hidden dropouts of a model with
 * such a part are this part's.
 */
export interface RowPart {
  /** Row groups that it reads. */
  readonly groups: readonly FieldGroup[];
  objectives(
    parameters: Parameters,
    rows: EncodedGroups,
    pass: TrainingPass,
  ): readonly [Objective, ...Objective[]];
}

/** The row groups that are read of episodes. */
export function episodeGroups(model: Pick<Model, 'rowGroups' | 'episodeGroups'>): readonly FieldGroup[] {
  return model.episodeGroups ?? model.rowGroups;
}

interface RateGrid {
  readonly parameter: string;
  readonly values: readonly number[];
}

/** The part adapted to the entity, for which vectors are stored and served; undefined for a model without one. */
export function entityPart(model: Model): MetaPart | undefined {
  return model.adapts.find(({ side }) => side === 'entity');
}

/** What a model takes of an entity's support, adapted on or read; undefined for a model that takes nothing. */
export function supportUse(model: Model): Pick<MetaPart, 'maxSupport' | 'pooling'> | undefined {
  return entityPart(model) ?? (model.reads && { ...model.reads, pooling: 'mean' });
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
  /** How what it builds learns, whatever its options and the data. */
  readonly learns: Learning['by'];
  readonly config: Schema;
  build(config: z.output<Schema>, inputs: ModelInputs): Model;
}

/** Models that learn by episodes adapt on support rows, or read them; those that learn by rows have none; counts come as they come. */
export type BuiltBy<By extends Learning['by']> = Model & {
  readonly learns: Extract<Learning, { readonly by: By }>;
} & (By extends 'rows'
    ? { readonly adapts: readonly []; readonly reads?: never }
    : By extends 'counts'
      ? { counted(counts: LabelCounts): CountedNumbers }
      :
          | { readonly adapts: readonly [MetaPart, ...MetaPart[]] }
          | { readonly adapts: readonly []; readonly reads: SupportRead });

/** Keeps the option types of one model together, and what it says of its learning true. */
export function defineModel<Schema extends z.ZodType, By extends Learning['by']>(
  definition: ModelDefinition<Schema> & {
    readonly learns: By;
    build(config: z.output<Schema>, inputs: ModelInputs): BuiltBy<By>;
  },
): ModelDefinition<Schema> {
  return definition;
}
