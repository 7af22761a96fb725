// `limaml serve`: a bundle behind HTTP until the process is asked to end.
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../errors.js';
import { onLeaving } from '../../interruption.js';
import { liveMetrics } from './live-metrics.js';
import { liveServer } from './live-server.js';
import type { LiveLimits } from './open-api.js';
import { openService, type ServiceRequest } from './service.js';

export interface ServeRequest extends ServiceRequest {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly limits: LiveLimits;
  /** How often a newer bundle is looked for. */
  readonly reloadMs: number;
  /** Told once it serves. */
  readonly onListening: (served: { readonly address: string; readonly bundle: string }) => void;
}

/** Resolves when the server was asked to end and the last request is answered. Throws UserError SERVE_ADDRESS, and what `openServed` throws. */
export async function serveBundle(request: ServeRequest): Promise<void> {
  const { host, port, reloadMs, limits, progress } = request;
  const service = await openService(request);
  const metrics = await liveMetrics();
  const server = await liveServer(service, metrics, limits, (error) =>
    progress({ kind: 'warning', code: 'SERVE_FAULT', text: error.stack ?? error.message }),
  );
  const ended = new AbortController();
  let close: Promise<void> | undefined;
  const end = (): Promise<void> => {
    close ??= (async () => {
      ended.abort();
      await server.close();
      await service.close();
    })();
    return close;
  };
  const withdraw = onLeaving(end);
  try {
    const address = await server.listen({ host, port }).catch((cause: NodeJS.ErrnoException) => {
      throw new UserError(
        {
          code: 'SERVE_ADDRESS',
          where: `${host}:${port}`,
          what: `It cannot listen there: ${cause.message}.`,
          next: 'Choose another --port, or --host.',
        },
        { cause },
      );
    });
    const hash = await service.use(async ({ bundle }) => bundle.manifest.hash);
    metrics.serving(hash);
    request.onListening({ address, bundle: hash });
    await reloading(service.reload, reloadMs, ended.signal, metrics.serving, (error) =>
      progress({
        kind: 'warning',
        code: 'SERVE_RELOAD',
        text: `the newer bundle was not taken up: ${error.message}`,
      }),
    );
  } finally {
    await end();
    withdraw();
  }
}

/** Looks for a newer bundle from time to time, until `signal`. A fault is told once, and tried again. */
async function reloading(
  reload: () => Promise<string | undefined>,
  everyMs: number,
  signal: AbortSignal,
  onNewer: (hash: string) => void,
  onFault: (error: Error) => void,
): Promise<void> {
  let told = '';
  while (!signal.aborted) {
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const hash = await reload();
      if (hash !== undefined) onNewer(hash);
      told = '';
    } catch (error) {
      const { message } = error as Error;
      if (message !== told) onFault(error as Error);
      told = message;
    }
  }
}
