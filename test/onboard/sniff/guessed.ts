// The four columns a sniffer must find, out of all its guesses.
import type { InitResult } from '../../../src/onboard/sniff/init-descriptor.js';

/** Column by role; null where none was found. */
export const guessed = (result: InitResult): Record<string, string | null> =>
  Object.fromEntries(
    ['entity', 'item', 'timestamp', 'label'].map((what) => [
      what,
      result.guesses.find((guess) => guess.what === what)?.value ?? null,
    ]),
  );
