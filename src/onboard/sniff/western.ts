// Whether text that is no UTF-8 is in the letters of western Europe: told by how its words look.

/** Letters of German, the Romance and the Nordic languages; those of Turkish and Icelandic alone are the Cyrillic of other tables. */
const LETTER = /[àáâãäåæçèéêëìíîïñòóôõöøùúûüÿßœÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜŒ]/u;
/** Signs that stand between words, or beside numbers. */
const SIGNS = /^[\s!-/:-@[-`{-~\d]*[€£¥§©®°²³±µ·«»¿¡½¼¾„“”‚‘’–—…•™†‰ªº×\u00a0]?[\s!-/:-@[-`{-~\d]*$/u;

/** Share of the words that may look odd. */
const ODD = 0.02;
/** Words that are looked at. */
const MOST_WORDS = 20_000;

/** Words with a character beyond ASCII. */
export const wideWords = (text: string): readonly string[] =>
  [...text.matchAll(/[^\s,;|"]*[\u0080-\u{10ffff}][^\s,;|"]*/gu)].slice(0, MOST_WORDS).map(([word]) => word);

function isWesternWord(word: string): boolean {
  const bare = word.replace(/^[«„“”‘¿¡(]+|[»“”‘’…!?.:)]+$/gu, '').replace(/(\p{L})[’‘](?=\p{L})/gu, "$1'");
  if (SIGNS.test(bare)) return true;
  const letters = [...bare].filter((letter) => /\p{L}/u.test(letter));
  const wide = letters.filter((letter) => !/[a-z]/i.test(letter));
  if (!/^[\p{L}\d!-/:-@[-`{-~]+$/u.test(bare) || !wide.every((letter) => LETTER.test(letter))) return false;
  // A capital after a small letter, or words of accents alone, are another alphabet.
  return !/\p{Ll}\p{Lu}/u.test(bare) && (letters.length === 1 || wide.length * 2 <= letters.length);
}

/** Words beyond ASCII, by which a person tells whether the reading is right, and whether they look like western Europe. */
export function westernWords(text: string): { readonly western: boolean; readonly example: string } {
  const words = wideWords(text);
  const odd = words.filter((word) => !isWesternWord(word)).length;
  return { western: odd <= ODD * words.length, example: words[0] ?? '' };
}
