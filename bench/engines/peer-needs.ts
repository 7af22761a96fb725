// What the peers need of the machine (a Python, its modules, a C++ compiler), and which of them cannot run for lack of it.
import { spawnSync } from 'node:child_process';
import { UserError } from '../../src/errors.js';

/** A peer, as far as the machine must serve it. */
export interface PeerNeeds {
  readonly name: string;
  /** The Python module that must be installed. */
  readonly needs?: string;
  /** Compiles C++ while it starts. */
  readonly compiled?: boolean;
}

/** The Python that runs the peers: LIMAML_PYTHON, else `python3`. */
export const python = process.env['LIMAML_PYTHON'] ?? 'python3';

/** The compiler that torch.compile calls: CXX, else the system's usual one. */
const compiler = process.env['CXX'] ?? (process.platform === 'darwin' ? 'clang++' : 'g++');

/** Which of the modules the Python lacks; undefined when it does not start. */
function missingModules(modules: readonly string[]): Set<string> | undefined {
  const code = `import importlib.util as u, json; print(json.dumps([m for m in ${JSON.stringify(modules)} if not u.find_spec(m)]))`;
  const found = spawnSync(python, ['-c', code], { encoding: 'utf8' });
  return found.status === 0 ? new Set(JSON.parse(found.stdout) as string[]) : undefined;
}

/** Engine names → why they cannot run and what to do. Throws UserError when LIMAML_PYTHON names no Python. */
export function unmetNeeds(specs: readonly PeerNeeds[]): Map<string, string> {
  const peers = specs.filter(({ needs }) => needs !== undefined);
  if (peers.length === 0) return new Map();
  const missing = missingModules([...new Set(peers.map(({ needs }) => needs!))]);
  if (missing === undefined && process.env['LIMAML_PYTHON'] !== undefined)
    throw new UserError({
      code: 'BENCH_NO_PYTHON',
      where: 'LIMAML_PYTHON',
      what: `"${python}" does not start as a Python.`,
      next: 'Name the Python of an environment that has torch and jax.',
    });
  const compiles =
    !peers.some(({ compiled }) => compiled) ||
    spawnSync(compiler, ['--version'], { stdio: 'ignore' }).status === 0;
  const reason = ({ needs, compiled }: PeerNeeds): string | undefined => {
    if (missing === undefined) return `no "${python}" here: install Python 3, or name one in LIMAML_PYTHON`;
    if (missing.has(needs!))
      return `module "${needs}" is not installed: ${python} -m pip install ${needs!.replace('_', '-')}`;
    if (compiled && !compiles)
      return `torch.compile needs a C++ compiler and "${compiler}" does not start: install g++, or name one in CXX`;
    return undefined;
  };
  return new Map(
    peers.flatMap((spec) => {
      const why = reason(spec);
      return why === undefined ? [] : [[spec.name, why]];
    }),
  );
}
