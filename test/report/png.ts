// Reads the screenshots that the browser writes: PNG with 8 bits a channel, RGB or RGBA, not interlaced.
import { inflateSync } from 'node:zlib';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue of each pixel, row by row. */
  readonly rgb: Uint8Array;
}

/** Follows the PNG specification (third edition), chapters 5, 9 and 10. Throws for any other kind of file. */
export function readPng(file: Buffer): Picture {
  if (file.toString('latin1', 1, 4) !== 'PNG') throw new Error('not a PNG file');
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const [depth, colour, , , interlace] = file.subarray(24, 29);
  if (depth !== 8 || (colour !== 2 && colour !== 6) || interlace !== 0)
    throw new Error('another kind of PNG');
  const channels = colour === 2 ? 3 : 4;
  const data: Buffer[] = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at))
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * channels;
  const rgb = new Uint8Array(width * height * 3);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const line = Uint8Array.from(raw.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)));
    unfilter(raw[y * (stride + 1)]!, line, above, channels);
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) rgb[(y * width + x) * 3 + c] = line[x * channels + c]!;
    above = line;
  }
  return { width, height, rgb };
}

/** Undoes a line's filter in place. */
function unfilter(kind: number, line: Uint8Array, above: Uint8Array, channels: number): void {
  for (let i = 0; i < line.length; i++) {
    const left = line[i - channels] ?? 0;
    const up = above[i]!;
    const corner = i < channels ? 0 : above[i - channels]!;
    const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind];
    if (guess === undefined) throw new Error(`a PNG line has the unknown filter ${kind}`);
    line[i] = line[i]! + guess;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/** A part of a picture. Parts outside it are left out. */
export function crop(
  { width, height, rgb }: Picture,
  part: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): Picture {
  const [left, top] = [Math.max(0, Math.floor(part.x)), Math.max(0, Math.floor(part.y))];
  const right = Math.min(width, Math.ceil(part.x + part.width));
  const bottom = Math.min(height, Math.ceil(part.y + part.height));
  const lines = Array.from({ length: bottom - top }, (_, i) =>
    rgb.subarray(((top + i) * width + left) * 3, ((top + i) * width + right) * 3),
  );
  return { width: right - left, height: bottom - top, rgb: Uint8Array.from(Buffer.concat(lines)) };
}

/** Share of pixels that differ visibly from the top left one, and the share of the width that they span. */
export function ink({ width, height, rgb }: Picture): { readonly share: number; readonly span: number } {
  let marked = 0;
  let [first, last] = [width, -1];
  for (let pixel = 0; pixel < width * height; pixel++) {
    const off = [0, 1, 2].some((c) => Math.abs(rgb[pixel * 3 + c]! - rgb[c]!) > 30);
    if (!off) continue;
    marked++;
    first = Math.min(first, pixel % width);
    last = Math.max(last, pixel % width);
  }
  return { share: marked / (width * height), span: last < 0 ? 0 : (last - first + 1) / width };
}

/** Mean of the pixels, 0 black to 255 white. */
export function brightness({ rgb }: Picture): number {
  let sum = 0;
  for (const value of rgb) sum += value;
  return sum / rgb.length;
}
