// How the file of a model of one's own is loaded: as a module, alone, with the very limaml that loads it.
import type { LoadHook, ResolveHook } from 'node:module';

/** In the address of such a file, before the hash of its content; so that two contents of one path are two modules. */
const MARK = '?limaml-model=';

/**
 * `limaml` and `zod` are those of the running program wherever the file lies: a second copy would have ops of its own, which a
 * graph cannot mix. Files beside it are refused, since a run keeps one file; packages are found as ever.
 */
export const resolve: ResolveHook = async (specifier, context, next) => {
  if (context.parentURL?.includes(MARK) !== true) return next(specifier, context);
  if (/^(limaml|zod)(\/|$)/.test(specifier))
    return next(specifier, { ...context, parentURL: import.meta.url });
  if (/^(\.{0,2}\/|file:|data:)/.test(specifier))
    throw new Error(`it imports "${specifier}", and a model's file stands alone (packages may be imported)`);
  return next(specifier, context);
};

/** A module, whatever the package around it says of its `.js` files. */
export const load: LoadHook = async (url, context, next) =>
  next(url, url.includes(MARK) ? { ...context, format: 'module' } : context);
