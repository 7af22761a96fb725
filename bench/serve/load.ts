// Requests over connections that stay open, each timed.
import { Agent, request } from 'node:http';
import { InternalError } from '../../src/errors.js';

export interface LoadResult {
  readonly connections: number;
  readonly requests: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

const WARM = 200;

/** @param bodyOf the body of request n */
export async function load(
  url: string,
  bodyOf: (n: number) => unknown,
  connections: number,
  count: number,
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let n = 0;
  const times: number[] = [];
  const run = async (until: number, kept: boolean): Promise<void> => {
    while (n < until) {
      const body = JSON.stringify(bodyOf(n++));
      const start = performance.now();
      await post(url, body, agent);
      if (kept) times.push(performance.now() - start);
    }
  };
  const all = (until: number, kept: boolean) =>
    Promise.all(Array.from({ length: connections }, () => run(until, kept)));
  await all(WARM, false);
  const start = performance.now();
  await all(WARM + count, true);
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(share * times.length))]!;
  return {
    connections,
    requests: times.length,
    perSecond: times.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
  };
}

function post(url: string, body: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      let text = '';
      answer.on('data', (piece: Buffer) => {
        text += piece.toString();
      });
      answer.once('end', () => {
        if (answer.statusCode === 200) resolve();
        else reject(new InternalError(`${url} answers ${answer.statusCode}: ${text.slice(0, 300)}`));
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
