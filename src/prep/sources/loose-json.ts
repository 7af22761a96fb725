// JSON as programs write it although it is none: NaN for a missing number, and whole numbers with more digits than a double has.

/** A string, or what stands outside of strings and is not JSON or would be rounded. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\bNaN\b|(?<![\w.+-])-?\d{16,}(?![\d.eE])/g;

/** The text with NaN as null and long whole numbers as strings. */
export function looseJson(text: string): string {
  if (!/NaN|\d{16}/.test(text)) return text;
  return text.replace(TOKEN, (token) => {
    if (token.startsWith('"')) return token;
    return token.endsWith('NaN') ? 'null' : `"${token}"`;
  });
}
