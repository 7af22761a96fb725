// A server over a copy of the committed bundle, in this process, on a port that is free.
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { comeToRest } from '../../../src/interruption.js';
import { silent } from '../../../src/progress.js';
import { type ServeRequest, serveBundle } from '../../../src/serving/live/serve-bundle.js';
import { BUNDLE } from '../../bundle/committed-bundle.js';

interface Answer {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server says.
  readonly json: any;
}

interface Served {
  readonly folder: string;
  readonly bundle: string;
  readonly address: string;
  readonly get: (path: string) => Promise<Answer>;
  readonly post: (path: string, body: unknown) => Promise<Answer>;
  close(): Promise<void>;
}

/** Whether the HTTP framework is installed here. */
export const canServe = await import('fastify' as string).then(
  () => true,
  () => false,
);

export async function served(parts: Partial<ServeRequest> = {}): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'limaml-serve-'));
  const bundle = join(folder, 'bundle');
  cpSync(BUNDLE, bundle, { recursive: true });
  let done: Promise<void> = Promise.resolve();
  const { address } = await new Promise<{ readonly address: string }>((resolve, reject) => {
    done = serveBundle({
      folder: bundle,
      host: '127.0.0.1',
      port: 0,
      mostMembers: 100,
      threads: 1,
      limits: { rows: 50, pending: 64, bodyBytes: 100_000, timeoutMs: 10_000 },
      reloadMs: 50,
      progress: silent,
      onListening: resolve,
      ...parts,
    });
    done.catch(reject);
  });
  const ask = async (path: string, options: RequestInit): Promise<Answer> => {
    const answer = await fetch(address + path, options);
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json') === true;
    return { status: answer.status, text, json: isJson ? JSON.parse(text) : undefined };
  };
  return {
    folder,
    bundle,
    address,
    get: (path) => ask(path, {}),
    post: (path, body) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    close: async () => {
      await comeToRest(5000);
      await done;
    },
  };
}
