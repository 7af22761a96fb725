// The HTTP server over a bundle in service: routes, limits, and what a fault is answered with.
import { UserError, UserErrors } from '../../errors.js';
import { type HttpReply, type HttpServer, httpServer } from './http-framework.js';
import { readJsonRows } from './json-rows.js';
import { eventFields, scoreFields } from './live-fields.js';
import type { LiveMetrics } from './live-metrics.js';
import { type LiveLimits, openApi } from './open-api.js';
import type { Service } from './service.js';
import { tryPage } from './try-page.js';

/** Codes that say "later", answered with 503: what is served cannot be read now, or no more is taken. Every other UserError is the request's fault. */
const LATER = /^(?:LIVE_BUSY|LIVE_FULL|(?:STORE|BUNDLE)_.*)$/;

/** `onFault` is told of errors that are the server's own. */
export async function liveServer(
  service: Service,
  metrics: LiveMetrics,
  limits: LiveLimits,
  onFault: (error: Error) => void,
): Promise<HttpServer> {
  const server = await httpServer({
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.timeoutMs,
    connectionTimeout: limits.timeoutMs,
    // Requests that came before the end are answered, on connections that end then.
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    logger: false,
  });
  let pending = 0;
  const limited = async <T>(work: () => Promise<T>): Promise<T> => {
    if (pending >= limits.pending) throw busy(limits);
    metrics.setPending(++pending);
    try {
      return await work();
    } finally {
      metrics.setPending(--pending);
    }
  };
  server.addHook('onResponse', async (request, reply) => metrics.answered(request, reply));
  server.setErrorHandler((error, _request, reply) => failed(error, reply, onFault));
  server.setNotFoundHandler((request, reply) =>
    reply.code(404).send({
      error: {
        code: 'LIVE_NO_ROUTE',
        what: `There is no ${request.method} here.`,
        next: 'See /openapi.json.',
      },
    }),
  );
  const manifest = () => service.use(async ({ bundle }) => bundle.manifest);
  server.route({
    method: 'POST',
    url: '/score',
    handler: ({ body }) =>
      limited(() =>
        service.use(async (live) => {
          const { manifest: of } = live.bundle;
          const rows = readJsonRows(listIn(body, 'rows'), 'rows', scoreFields(of), limits.rows);
          const { probability, ...counts } = await live.score(rows);
          metrics.scored(rows.rows, counts);
          return { bundle: of.hash, probability: Array.from(probability), ...counts };
        }),
      ),
  });
  server.route({
    method: 'POST',
    url: '/events',
    handler: ({ body }) =>
      limited(async () => {
        const of = await manifest();
        const events = readJsonRows(listIn(body, 'events'), 'events', eventFields(of), limits.rows);
        requireLabels(events.columns.get('label')!.values as Float64Array);
        const adapted = await service.adapt(events);
        metrics.adapted(events.rows, adapted.known, adapted.adapted);
        await service.use(async (live) => metrics.setMembers(live.members()));
        return { bundle: of.hash, events: events.rows, ...adapted };
      }),
  });
  server.route({
    method: 'GET',
    url: '/healthz',
    handler: async () => {
      const { hash, model, data } = await manifest();
      const { entities, cutoffMs } = data;
      return { status: 'ok', bundle: hash, model: model.name, entities, cutoffMs };
    },
  });
  server.route({
    method: 'GET',
    url: '/metrics',
    handler: async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  });
  server.route({
    method: 'GET',
    url: '/openapi.json',
    handler: async () => openApi(await manifest(), limits),
  });
  server.route({
    method: 'GET',
    url: '/',
    handler: async (_request, reply) =>
      reply
        .header('content-security-policy', "default-src 'self' 'unsafe-inline'")
        .type('text/html; charset=utf-8')
        .send(tryPage(await manifest())),
  });
  return server;
}

function listIn(body: unknown, name: string): unknown {
  if (body !== null && typeof body === 'object' && Object.keys(body).join() === name)
    return (body as Readonly<Record<string, unknown>>)[name];
  throw new UserError({
    code: 'LIVE_BAD_REQUEST',
    where: 'body',
    what: `An object with "${name}" and nothing else is expected.`,
    next: 'See /openapi.json.',
  });
}

function requireLabels(labels: Float64Array): void {
  const wrong = labels.findIndex((label) => label !== 0 && label !== 1);
  if (wrong < 0) return;
  throw new UserError({
    code: 'LIVE_BAD_REQUEST',
    where: `events[${wrong}].label`,
    what: `${labels[wrong]} is not a label.`,
    next: 'Give 1 for a click and 0 for none.',
  });
}

/** The status of a body past its limit. */
const TOO_LARGE = 413;

function failed(
  error: Error & { readonly statusCode?: number },
  reply: HttpReply,
  onFault: (error: Error) => void,
): HttpReply {
  const told = error instanceof UserErrors ? error.errors[0]! : error;
  if (told instanceof UserError) {
    const { code, where, what, next } = told;
    const status = LATER.test(code) ? 503 : 400;
    if (status === 503) reply.header('retry-after', '1');
    return reply.code(status).send({ error: { code, where, what, next } });
  }
  const { statusCode = 500, message } = error;
  if (statusCode < 500) {
    const next =
      statusCode === TOO_LARGE
        ? 'Send fewer rows at a time.'
        : 'Send JSON with the header "content-type: application/json"; see /openapi.json.';
    const what = `${message.replace(/\.$/, '')}.`;
    return reply.code(statusCode).send({ error: { code: 'LIVE_BAD_REQUEST', where: 'request', what, next } });
  }
  // What went wrong inside is for whoever runs it, not for whoever asks.
  onFault(error);
  return reply.code(500).send({ error: { code: 'LIVE_FAULT', what: 'The server is at fault.' } });
}

const busy = ({ pending }: LiveLimits): UserError =>
  new UserError({
    code: 'LIVE_BUSY',
    what: `${pending} requests wait already.`,
    next: 'Send it again in a second.',
  });
