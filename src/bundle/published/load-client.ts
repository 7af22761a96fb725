// Clients of databases, which are not installed with limaml: loaded when a store asks for one.
import { UserError } from '../../errors.js';

/** The module of a package. Throws UserError STORE_CLIENT_MISSING, which says what to install. */
export async function loadClient<T>(
  name: string,
  store: string,
  install = `npm install ${name}`,
): Promise<T> {
  try {
    // Not a literal: the package need not be there when this is compiled.
    return (await import(name)) as T;
  } catch (cause) {
    throw new UserError(
      {
        code: 'STORE_CLIENT_MISSING',
        where: store,
        what: `"${name}" cannot be loaded (${(cause as NodeJS.ErrnoException).code ?? (cause as Error).message}); this is Node.js ${process.versions.node}.`,
        next: `Get it with: ${install}`,
      },
      { cause },
    );
  }
}

/** Runs what first touches a server or a file. Throws UserError STORE_UNREACHABLE. */
export async function reaching<T>(store: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const { message, code } = cause as NodeJS.ErrnoException;
    throw new UserError(
      {
        code: 'STORE_UNREACHABLE',
        where: store,
        what: `The store does not do what it is asked: ${message || code}.`,
        next: 'Check that it runs, the address and the rights.',
      },
      { cause },
    );
  }
}
