// WebAssembly instructions as bytes: what loops over floats need, and no more. An expression is the bytes that leave its
// value on the stack, so expressions nest as they are read.

/** An instruction sequence. */
export type Code = readonly number[];

/** Value types of locals and parameters. */
export const I32 = 0x7f;
export const F64 = 0x7c;
export const V128 = 0x7b;

/** An unsigned LEB128 number. */
export function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  do {
    const more = rest > 0x7f;
    bytes.push((rest & 0x7f) | (more ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

const vector = (opcode: number): Code => [0xfd, ...unsigned(opcode)];
const unary =
  (opcode: number) =>
  (x: Code): Code => [...x, ...vector(opcode)];
const binary =
  (opcode: number) =>
  (x: Code, y: Code): Code => [...x, ...y, ...vector(opcode)];

export const local = (index: number): Code => [0x20, ...unsigned(index)];
export const assign = (index: number, value: Code): Code => [...value, 0x21, ...unsigned(index)];

/** Both doubles of the pair are the given one. */
export const both = unary(0x14);
export const sqrt = unary(0xef);
export const add = binary(0xf0);
export const sub = binary(0xf1);
export const mul = binary(0xf2);
export const div = binary(0xf3);

/** A double. */
export const double = (value: number): Code => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)];

/** The two floats at an address as doubles; the one there, and zero. */
export const twoAt = (address: Code): Code => [...address, ...vector(0x5d), 3, 0, ...vector(0x5f)];
export const oneAt = (address: Code): Code => [...address, ...vector(0x5c), 2, 0, ...vector(0x5f)];

/** The doubles of a pair, each rounded to a float, to an address; the first of them alone. */
export const storeTwo = (address: Code, pair: Code): Code => storeLane(address, pair, [...vector(0x5b), 3]);
export const storeOne = (address: Code, pair: Code): Code => storeLane(address, pair, [...vector(0x5a), 2]);

/** A pair of doubles to an address. */
export const storePair = (address: Code, pair: Code): Code => [...address, ...pair, ...vector(0x0b), 3, 0];

const storeLane = (address: Code, pair: Code, store: Code): Code => [
  ...address,
  ...pair,
  ...vector(0x5e),
  ...store,
  0,
  0,
];

/** A small integer, below 64. */
export const small = (value: number): Code => [0x41, value];
export const plus = (x: Code, y: Code): Code => [...x, ...y, 0x6a];
export const times = (x: Code, y: Code): Code => [...x, ...y, 0x6c];
/** Whether x < y, without a sign. */
const below = (x: Code, y: Code): Code => [...x, ...y, 0x49];
/** Whether a number with a sign is 0 or more. */
export const notNegative = (x: Code): Code => [...x, ...small(0), 0x4e];

/** The integer of a local moved on. */
export const advance = (index: number, by: Code): Code => assign(index, plus(local(index), by));

/** The integer at an address. */
export const integerAt = (address: Code): Code => [...address, 0x28, 2, 0];

/** Adds the four floats at one address to those at another, and the same of one float. */
export const addFour = (to: Code, from: Code): Code => {
  const four = (address: Code): Code => [...address, ...vector(0x00), 2, 0];
  return [...to, ...four(to), ...four(from), ...vector(0xe4), ...vector(0x0b), 2, 0];
};
export const addOne = (to: Code, from: Code): Code => {
  const one = (address: Code): Code => [...address, 0x2a, 2, 0];
  return [...to, ...one(to), ...one(from), 0x92, 0x38, 2, 0];
};

export const when = (condition: Code, body: Code): Code => [...condition, 0x04, 0x40, ...body, 0x0b];

/** Repeats the body until the address in one local is no longer below that in another; runs it once at least. */
export const loopBelow = (body: Code, at: number, end: number): Code => [
  0x03,
  0x40,
  ...body,
  ...below(local(at), local(end)),
  0x0d,
  0,
  0x0b,
];

/** The same, which may not run at all. */
export const whileBelow = (body: Code, at: number, end: number): Code =>
  when(below(local(at), local(end)), loopBelow(body, at, end));
