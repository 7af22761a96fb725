// How many columns of a terminal a text takes.
import stringWidth from 'string-width';

/** Of plain characters one each, which is asked far more often than all else. */
export const widthOf = (text: string): number =>
  /^[ -~–…“”─]*$/.test(text) ? text.length : stringWidth(text);
