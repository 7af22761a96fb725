// The algebra: the ops that simplify themselves, tied to one another.
import type { Algebra } from '../ir/node.js';
import * as arithmetic from './rules/arithmetic.js';
import * as products from './rules/products.js';
import * as shapes from './rules/shapes.js';

export const algebra: Algebra = {
  add: (a, b) => arithmetic.add(algebra, a, b),
  sub: (a, b) => arithmetic.sub(algebra, a, b),
  mul: (a, b) => arithmetic.mul(algebra, a, b),
  div: arithmetic.div,
  neg: arithmetic.neg,
  matmul: (a, b) => products.matmul(algebra, a, b),
  expand: shapes.expand,
  sum: (x, axes, keep) => shapes.sum(algebra, x, axes, keep),
  sumTo: (x, shape) => shapes.sumTo(algebra, x, shape),
  reshape: (x, shape) => shapes.reshape(algebra, x, shape),
  flatRows: (x) => shapes.flatRows(algebra, x),
  transpose: (x) => shapes.transpose(algebra, x),
};

/** The same, by name. */
export const { add, sub, mul, div, neg, matmul, expand, sum, sumTo, reshape, flatRows, transpose } = algebra;
