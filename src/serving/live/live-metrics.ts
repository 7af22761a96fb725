// What a server counts, for Prometheus.
import type { HttpReply, HttpRequest } from './http-framework.js';

interface Metric {
  inc(labelsOrValue?: object | number, value?: number): void;
  set(value: number): void;
  set(labels: object, value: number): void;
  reset(): void;
  observe(labels: object, value: number): void;
}
interface PromClient {
  readonly Registry: new () => { metrics(): Promise<string>; readonly contentType: string };
  readonly Counter: new (options: object) => Metric;
  readonly Gauge: new (options: object) => Metric;
  readonly Histogram: new (options: object) => Metric;
  collectDefaultMetrics(options: object): void;
}

export interface LiveMetrics {
  readonly contentType: string;
  text(): Promise<string>;
  answered(request: HttpRequest, reply: HttpReply): void;
  scored(rows: number, counts: { readonly priors: number; readonly unknownItems: number }): void;
  adapted(events: number, known: number, entities: number): void;
  serving(hash: string): void;
  setMembers(members: number): void;
  setPending(requests: number): void;
}

/** Seconds; the goals are 5 ms for a score and 15 ms for an adaptation. */
const BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 1, 5];

export async function liveMetrics(): Promise<LiveMetrics> {
  const { default: client } = (await import('prom-client' as string)) as { readonly default: PromClient };
  const registry = new client.Registry();
  client.collectDefaultMetrics({ register: registry });
  const counter = (name: string, help: string): Metric =>
    new client.Counter({ name: `limaml_${name}`, help, registers: [registry] });
  const gauge = (name: string, help: string, labelNames: readonly string[] = []): Metric =>
    new client.Gauge({ name: `limaml_${name}`, help, labelNames, registers: [registry] });
  const seconds = new client.Histogram({
    name: 'limaml_request_seconds',
    help: 'Time from a request to its answer',
    labelNames: ['route', 'status'],
    buckets: BUCKETS,
    registers: [registry],
  });
  const rows = counter('scored_rows_total', 'Rows scored');
  const priors = counter('prior_rows_total', 'Rows scored with the prior: their entity has no vector');
  const items = counter('unknown_item_rows_total', 'Rows of whose item the tables hold no features');
  const events = counter('events_total', 'Events taken in');
  const known = counter('known_events_total', 'Events among them that were known already');
  const entities = counter('adapted_entities_total', 'Vectors adapted');
  const members = gauge('live_members', 'Entities whose vectors are newer here than in the bundle');
  const pending = gauge('pending_requests', 'Requests that are not answered yet');
  const bundle = gauge('bundle_info', 'The bundle that serves', ['hash']);
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    answered: ({ routeOptions }, { statusCode, elapsedTime }) =>
      seconds.observe({ route: routeOptions.url ?? 'none', status: String(statusCode) }, elapsedTime / 1000),
    scored: (n, counts) => {
      rows.inc(n);
      priors.inc(counts.priors);
      items.inc(counts.unknownItems);
    },
    adapted: (n, knownOnes, adaptedOnes) => {
      events.inc(n);
      known.inc(knownOnes);
      entities.inc(adaptedOnes);
    },
    serving: (hash) => {
      bundle.reset();
      bundle.set({ hash }, 1);
    },
    setMembers: (n) => members.set(n),
    setPending: (n) => pending.set(n),
  };
}
