// What is said of bytes that no rule knows: how a word of them reads in the encodings that they may be in.
import { UserError } from '../../errors.js';
import { decodedText, ENCODINGS, type TextEncoding } from '../../prep/descriptor/encodings.js';
import { wideWords } from './western.js';

/** Encodings that the bytes may be in, the likeliest first, with the first word beyond ASCII as each has it. */
function likelyEncodings(bytes: Buffer): readonly (readonly [TextEncoding, string])[] {
  return ENCODINGS.filter((encoding) => !/^utf|^latin/.test(encoding))
    .flatMap((encoding) => {
      const words = wideWords(decodedText(bytes, encoding) ?? '');
      const good = words.filter(isOneAlphabet).length / words.length;
      return words.length === 0 ? [] : [{ encoding, good, word: words[0]! }];
    })
    .sort((one, other) => other.good - one.good)
    .slice(0, 6)
    .map(({ encoding, word }) => [encoding, word] as const);
}

/** Letters of one alphabet, capitals first; accents alone are no Latin word. */
function isOneAlphabet(word: string): boolean {
  const alphabets = [
    /^\p{Script=Latin}+$/u,
    /^\p{Script=Cyrillic}+$/u,
    /^\p{Script=Greek}+$/u,
    /^\p{Script=Hebrew}+$/u,
  ].concat([
    /^\p{Script=Arabic}+$/u,
    /^\p{Script=Thai}+$/u,
    /^\p{Script=Han}+$/u,
    /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+$/u,
    /^\p{Script=Hangul}+$/u,
  ]);
  if (/[^\x20-\x7e\p{L}\p{M}]/u.test(word)) return false;
  const letters = word.replace(/[^\p{L}]/gu, '');
  const plain = letters.replace(/[^a-z]/gi, '').length;
  if (/^\p{Script=Latin}+$/u.test(letters) && plain * 2 < letters.length) return false;
  return (
    letters !== '' && !/\p{Ll}\p{Lu}/u.test(word) && alphabets.some((alphabet) => alphabet.test(letters))
  );
}

/** Bytes that are no UTF-8, and what a person may choose from. */
export function unknownEncoding(path: string, bytes: Buffer): UserError {
  const readings = likelyEncodings(bytes).map(([encoding, word]) => `"${word}" as ${encoding}`);
  return new UserError({
    code: 'SNIFF_ENCODING',
    where: path,
    what: `The file is neither UTF-8 nor in letters of western Europe. A word of it is ${readings.join(', ')}.`,
    next: 'State the right one by --encoding NAME, or convert the file to UTF-8.',
  });
}

/** Throws `UserError` SNIFF_ENCODING for a name that is no encoding of ours. */
export function requireEncoding(name: string): TextEncoding {
  const known = ENCODINGS.find((encoding) => encoding === name.toLowerCase());
  if (known !== undefined) return known;
  throw new UserError({
    code: 'SNIFF_ENCODING',
    where: `--encoding ${name}`,
    what: 'There is no such encoding.',
    next: `Known: ${ENCODINGS.join(', ')}.`,
  });
}
