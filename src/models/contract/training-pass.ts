// What a training program lends to layers that act differently in training: masks, weights of rows, running averages.
import type { Node } from '../../graph/ir/node.js';

/** Dropout of one hidden layer: what of its mask must be known to draw it. */
export interface HiddenDropout {
  /** Chooses the mask; unique in the model. */
  readonly name: string;
  /** Columns of the layer. */
  readonly width: number;
  /** Share of values set to zero. */
  readonly rate: number;
}

/** Given to `Model.logits` in training programs; adaptation, scoring and exported graphs have none. */
export interface TrainingPass {
  /** Weight of every row in the loss, 0 for padding: [..., 1]. */
  readonly weight: Node;
  /** The mask of the dropout `name` for `x` [..., width], drawn anew for every tile: 0, or 1 / (1 − rate). */
  mask(name: string, x: Node): Node;
  /**
   * Makes the parameter `name`, whose spec has `running`, follow the mean of what all rows of a batch give: `sum` (as many
   * numbers as the parameter) over `count` (one number), both added up over the tiles. A batch of count 0 moves nothing.
   */
  average(name: string, sum: Node, count: Node): void;
}
