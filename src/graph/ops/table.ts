// The lists of ops: what tests walk over, and what a new op is added to.
import type { Op } from '../ir/node.js';
import * as elementwise from './elementwise.js';
import { concatOp, padOp, sliceOp } from './joining.js';
import { constantOp, inputOp } from './leaves.js';
import { gatherOp, scatterAddOp } from './lookup.js';
import { matmulOp } from './matrix.js';
import * as raw from './raw.js';
import { expandOp, reshapeOp, sumOp, transposeOp } from './shaping.js';

/** Ops of models: they differentiate, and every executor runs them. */
export const OPS: readonly Op[] = [
  inputOp,
  constantOp,
  elementwise.addOp,
  elementwise.subOp,
  elementwise.mulOp,
  elementwise.divOp,
  elementwise.negOp,
  elementwise.expOp,
  elementwise.logOp,
  elementwise.sqrtOp,
  elementwise.tanhOp,
  elementwise.sigmoidOp,
  elementwise.softplusOp,
  elementwise.reluOp,
  elementwise.stepOp,
  elementwise.detachOp,
  expandOp,
  sumOp,
  reshapeOp,
  transposeOp,
  concatOp,
  sliceOp,
  padOp,
  matmulOp,
  gatherOp,
  scatterAddOp,
];

/** Ops that read raw values in exported graphs: nothing flows back through them, and only ONNX engines run them. */
export const RAW_OPS: readonly Op[] = [
  raw.vocabularyOp,
  raw.bucketOp,
  raw.standardiseOp,
  raw.foldOp,
  raw.knownOp,
  raw.rowsBeforeOp,
];
