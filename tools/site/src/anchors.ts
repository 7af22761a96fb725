// What a heading is called in a link: GitHub's rule, so that a link works there and on the site alike.

/** Lower case, letters, digits, `_` and `-` alone, a dash for each space. The same heading again on a page gets `-1`, `-2`, … */
export function anchor(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}
