// The protocol-buffer wire format, as far as ONNX model files need it: varints, length-delimited fields, floats.

/** Bytes of one message, appended field by field. */
export class MessageWriter {
  private readonly parts: Uint8Array[] = [];

  /** A varint field (wire type 0): int32, int64, enum. Negative numbers take ten bytes, as the format asks. */
  integer(field: number, value: number | bigint): this {
    this.parts.push(varint((BigInt(field) << 3n) | 0n), varint(BigInt(value)));
    return this;
  }

  /** A 32-bit float field (wire type 5). */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.parts.push(varint((BigInt(field) << 3n) | 5n), bytes);
    return this;
  }

  /** A 64-bit float field (wire type 1). */
  double(field: number, value: number): this {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    this.parts.push(varint((BigInt(field) << 3n) | 1n), bytes);
    return this;
  }

  /** Bytes or UTF-8 text (wire type 2). */
  bytes(field: number, value: Uint8Array | string): this {
    const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    this.parts.push(varint((BigInt(field) << 3n) | 2n), varint(BigInt(bytes.length)), bytes);
    return this;
  }

  message(field: number, inner: MessageWriter): this {
    return this.bytes(field, inner.finish());
  }

  finish(): Uint8Array {
    const length = this.parts.reduce((total, part) => total + part.length, 0);
    const all = new Uint8Array(length);
    let offset = 0;
    for (const part of this.parts) {
      all.set(part, offset);
      offset += part.length;
    }
    return all;
  }
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
