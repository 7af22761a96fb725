// The one list of ops: what tests walk over, and what a new op is added to.
import type { Op } from '../node.js';
import * as elementwise from './elementwise.js';
import { concatOp, padOp, sliceOp } from './joining.js';
import { constantOp, inputOp } from './leaves.js';
import { gatherOp, scatterAddOp } from './lookup.js';
import { matmulOp } from './matrix.js';
import { expandOp, reshapeOp, sumOp, transposeOp } from './shaping.js';

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
