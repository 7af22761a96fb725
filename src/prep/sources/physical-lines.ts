// Lines of a text file as bytes, without their ends.

const NEWLINE = 10;
const RETURN = 13;

/** Splits at LF (a CR before it goes too), or at CR in a file that begins without any LF. A final empty line is not a line. */
export async function* physicalLines(source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let end: number | undefined;
  let rest: Buffer[] = [];
  const whole = (last: Buffer): Buffer => {
    const line = rest.length === 0 ? last : Buffer.concat([...rest, last]);
    rest = [];
    return line.at(-1) === RETURN ? line.subarray(0, -1) : line;
  };
  for await (const bytes of source) {
    end ??= bytes.includes(NEWLINE) || !bytes.includes(RETURN) ? NEWLINE : RETURN;
    let start = 0;
    for (let at = bytes.indexOf(end); at >= 0; at = bytes.indexOf(end, start)) {
      yield whole(bytes.subarray(start, at));
      start = at + 1;
    }
    if (start < bytes.length) rest.push(bytes.subarray(start));
  }
  if (rest.length > 0) yield whole(Buffer.alloc(0));
}
