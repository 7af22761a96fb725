// Encodings of text that files may be in, by the names that the web has for them.

/** UTF-8 first, then what the database reads itself, then what is decoded on the way: all that a decoder of the platform knows and logs are in. */
export const ENCODINGS = [
  'utf-8',
  'latin-1',
  'utf-16',
  'utf-16be',
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-1258',
  'iso-8859-2',
  'iso-8859-5',
  'iso-8859-7',
  'iso-8859-15',
  'koi8-r',
  'koi8-u',
  'ibm866',
  'macintosh',
  'x-mac-cyrillic',
  'shift_jis',
  'euc-jp',
  'gbk',
  'gb18030',
  'big5',
  'euc-kr',
  'windows-874',
] as const;

export type TextEncoding = (typeof ENCODINGS)[number];

/** Those with characters of several bytes, the later ones of which may be signs of ASCII from `@` on. */
export const SEVERAL_BYTES: readonly TextEncoding[] = [
  'shift_jis',
  'euc-jp',
  'gbk',
  'gb18030',
  'big5',
  'euc-kr',
];

/** Undefined for bytes that are not of the encoding. */
export function decodedText(bytes: Buffer, encoding: TextEncoding): string | undefined {
  if (encoding === 'latin-1') return bytes.toString('latin1');
  // One byte a character, as a stream: decoded whole, some versions of Node take windows-1252 for latin-1.
  const stream = !SEVERAL_BYTES.includes(encoding) && !encoding.startsWith('utf');
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream });
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
