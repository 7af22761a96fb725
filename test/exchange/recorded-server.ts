// A server that answers as a real one did: requests must come as they were recorded, word for word.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Exchange {
  /** Method, path with query, body as text. */
  readonly request: readonly [method: string, path: string, body: string];
  readonly answer: readonly [status: number, body: string];
}

export interface TestServer {
  readonly address: string;
  readonly exchanges: readonly Exchange[];
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

/** Answers each request by `answer`, and keeps both. */
export async function testServer(
  answer: (
    request: Exchange['request'],
    turn: number,
    headers: IncomingMessage['headers'],
  ) => Exchange['answer'] | Promise<Exchange['answer']>,
): Promise<TestServer> {
  const exchanges: Exchange[] = [];
  const server = createServer(async (request, response) => {
    const asked = [request.method ?? '', request.url ?? '', await bodyOf(request)] as const;
    const [status, body] = await answer(asked, exchanges.length, request.headers);
    exchanges.push({ request: asked, answer: [status, body] });
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    exchanges,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Passes requests on to a real server. */
export const passedOnTo =
  (address: string) =>
  async ([method, path, body]: Exchange['request']): Promise<Exchange['answer']> => {
    const response = await fetch(`${address}${path}`, {
      method,
      ...(method === 'GET' ? {} : { body, headers: { 'content-type': 'application/json' } }),
    });
    return [response.status, await response.text()];
  };

/** Answers from a recording; a request that is not the next of it is answered with 418 and what was expected. */
export const recorded =
  (exchanges: readonly Exchange[]) =>
  (request: Exchange['request'], turn: number): Exchange['answer'] => {
    const next = exchanges[turn];
    const isNext = next !== undefined && JSON.stringify(next.request) === JSON.stringify(request);
    return isNext
      ? next.answer
      : [418, JSON.stringify({ message: `expected ${JSON.stringify(next?.request)}` })];
  };

/** As much of MLflow as one run needs. */
export function pretendMlflow(): Parameters<typeof testServer>[0] {
  let made = false;
  const info = { run_id: 'r1', artifact_uri: 'mlflow-artifacts:/1/r1/artifacts' };
  return ([, path]) => {
    if (path.includes('get-by-name')) return [200, '{"experiment":{"experiment_id":"1"}}'];
    if (path.endsWith('runs/search')) return [200, JSON.stringify(made ? { runs: [{ info }] } : {})];
    if (path.endsWith('runs/create')) made = true;
    return [200, JSON.stringify({ run: { info } })];
  };
}
