// An MLflow server by its REST API: one call with its retries, and what is said where it does not answer or refuses.
import { UserError } from '../errors.js';

/** Tries in all of a call that may be repeated, and pauses between them. */
const PAUSES_MS = [500, 2000];
const CALL_MS = 10_000;
/** A file may be large. */
const UPLOAD_MS = 600_000;

export interface MlflowServer {
  /** Address as a person may see it: without a password. */
  readonly address: string;
  /** Result of `path` under `/api/2.0/mlflow/`; undefined where the thing asked for is not there. A call that makes something new is tried once. */
  call(method: 'GET' | 'POST' | 'DELETE', path: string, body: object, once?: boolean): Promise<unknown>;
  /** Puts a file below the server's own store of artifacts. */
  upload(path: string, content: Uint8Array): Promise<void>;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a target is a server and no folder. */
export const isServer = (target: string): boolean => /^https?:\/\//i.test(target);

/** Throws `UserError` MLFLOW_ADDRESS for what is no address. */
export function mlflowServer(
  target: string,
  env: Environment,
  pausesMs: readonly number[] = PAUSES_MS,
): MlflowServer {
  const base = URL.canParse(target) ? new URL(target) : undefined;
  if (base === undefined || !isServer(target))
    throw new UserError({
      code: 'MLFLOW_ADDRESS',
      where: target,
      what: 'This is no address of an MLflow server.',
      next: 'It begins with http:// or https://, for example http://localhost:5000. Folders are written by: limaml runs export --mlflow DIR',
    });
  const headers = authorization(base, env);
  base.username = '';
  base.password = '';
  const address = base.href.replace(/\/+$/, '');
  const request = async (url: URL, init: RequestInit, limitMs: number, tries: number): Promise<Response> => {
    for (let turn = 0; ; turn++) {
      const failure = await attempt(url, { ...init, headers: { ...headers, ...init.headers } }, limitMs);
      if (failure instanceof Response) return failure;
      if (turn + 1 >= tries) throw unreachable(address, failure);
      await new Promise((resolve) => setTimeout(resolve, pausesMs[turn]));
    }
  };
  return {
    address,
    async call(method, path, body, once = false) {
      const url = new URL(`${address}/api/2.0/mlflow/${path}`);
      const isGet = method === 'GET';
      if (isGet) for (const [key, value] of Object.entries(body)) url.searchParams.set(key, String(value));
      const init: RequestInit = isGet
        ? { method }
        : { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      const response = await request(url, init, CALL_MS, once ? 1 : pausesMs.length + 1);
      return answerOf(address, path, response);
    },
    async upload(path, content) {
      const url = new URL(
        `${address}/api/2.0/mlflow-artifacts/artifacts/${path.split('/').map(encodeURIComponent).join('/')}`,
      );
      const init: RequestInit = { method: 'PUT', body: Buffer.from(content) };
      await answerOf(address, path, await request(url, init, UPLOAD_MS, pausesMs.length + 1));
    },
  };
}

/** As MLflow's own client takes them. */
function authorization(base: URL, env: Environment): Readonly<Record<string, string>> {
  const token = env['MLFLOW_TRACKING_TOKEN'];
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  const user = decodeURIComponent(base.username) || env['MLFLOW_TRACKING_USERNAME'];
  const password = decodeURIComponent(base.password) || env['MLFLOW_TRACKING_PASSWORD'];
  if (user === undefined || user === '') return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` };
}

/** An answer that counts, or why there was none: nobody there, too late, or a server in trouble. */
async function attempt(url: URL, init: RequestInit, limitMs: number): Promise<Response | string> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(limitMs) });
    if (response.status < 500 && response.status !== 429) return response;
    return `it answers ${response.status} ${response.statusText}`.trim();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === 'TimeoutError') return `no answer within ${limitMs / 1000} s`;
    const { cause } = error;
    return cause instanceof Error
      ? cause.message || String((cause as NodeJS.ErrnoException).code)
      : error.message;
  }
}

async function answerOf(address: string, path: string, response: Response): Promise<unknown> {
  const text = await response.text();
  const answer = parsed(text);
  if (response.ok) return answer ?? {};
  const { error_code: code, message } = (answer ?? {}) as { error_code?: string; message?: string };
  if (code === 'RESOURCE_DOES_NOT_EXIST') return undefined;
  throw new UserError({
    code: 'MLFLOW_REFUSED',
    where: `${address} › ${path}`,
    what: `The server answers ${response.status}${code === undefined ? '' : ` ${code}`}: ${(message ?? text).slice(0, 300) || response.statusText}`,
    next: [401, 403].includes(response.status)
      ? 'Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN.'
      : 'Is it an MLflow server, and of version 2 or later?',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a page of some other server: it is shown as it is
  }
}

const unreachable = (address: string, why: string): UserError =>
  new UserError({
    code: 'MLFLOW_UNREACHABLE',
    where: address,
    what: `The MLflow server does not answer: ${why}.`,
    next: 'Start it, or correct MLFLOW_TRACKING_URI; nothing here is lost.',
  });
