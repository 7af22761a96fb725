// Every case of every op.
import { ELEMENTWISE_CASES } from './elementwise.js';
import type { OpCase } from './op-case.js';
import { PRODUCT_CASES } from './products.js';
import { SHAPING_CASES } from './shaping.js';

export const OP_CASES: readonly OpCase[] = [...ELEMENTWISE_CASES, ...SHAPING_CASES, ...PRODUCT_CASES];
