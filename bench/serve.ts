// npm run bench -- serve [--json]: one row scored, one event adapted on a hundred support rows, over HTTP; beside FastAPI and ONNX Runtime in Python.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textTable } from './compare/text-table.js';
import { python, unmetNeeds } from './engines/peer-needs.js';
import { type LoadResult, load } from './serve/load.js';
import { type MadeUpBundle, madeUpBundle } from './serve/made-up-bundle.js';
import { servedProcess } from './serve/served-process.js';

const PORTS = { limaml: 18600, fastapi: 18601 } as const;
const CONNECTIONS = [1, 8];
const REQUESTS = { score: 3000, events: 1500 } as const;

interface ServeBenchRow extends LoadResult {
  readonly server: keyof typeof PORTS;
  readonly what: keyof typeof REQUESTS;
}

export async function benchServe(places: {
  readonly root: string;
  readonly built: string;
  readonly note: (text: string) => void;
}): Promise<{ readonly rows: readonly ServeBenchRow[]; readonly report: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'limaml-bench-serve-'));
  const rows: ServeBenchRow[] = [];
  try {
    places.note('a made-up bundle');
    const bundle = await madeUpBundle(folder, places.root);
    const commands = {
      limaml: [
        process.execPath,
        join(places.built, '..', 'bin', 'limaml.js'),
        'serve',
        '--bundle',
        bundle.folder,
      ],
      fastapi: [python, join(places.root, 'bench', 'peers', 'serve_http.py'), '--bundle', bundle.folder],
    } as const;
    const unmet = unmetNeeds([{ name: 'fastapi', needs: 'fastapi' }]);
    for (const server of ['limaml', 'fastapi'] as const) {
      const why = unmet.get(server);
      if (why !== undefined) {
        places.note(`skipped ${server}: ${why}`);
        continue;
      }
      const [command, ...args] = commands[server];
      const address = `http://127.0.0.1:${PORTS[server]}`;
      const served = await servedProcess(command, [...args, '--port', String(PORTS[server])], address);
      try {
        for (const what of ['score', 'events'] as const)
          for (const connections of CONNECTIONS) {
            places.note(`${server}: ${what}, ${connections} connections`);
            const found = await load(`${address}/${what}`, bodies(bundle, what), connections, REQUESTS[what]);
            rows.push({ server, what, ...found });
          }
      } finally {
        await served.stop();
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { rows, report: report(rows) };
}

/** Of the events every one is new and later than the one before; members come in turn. */
function bodies({ members, items, event, laterMs }: MadeUpBundle, what: 'score' | 'events') {
  let sent = 0;
  return (n: number): unknown => {
    const row = { entity: members[n % members.length]!, item: items[(7 * n) % items.length]!, ...event };
    if (what === 'score') return { rows: [row] };
    return { events: [{ ...row, timestamp_ms: laterMs + sent++, label: n % 5 === 0 ? 1 : 0 }] };
  };
}

const report = (rows: readonly ServeBenchRow[]): string =>
  textTable(
    ['server', 'request', 'connections', 'p50 ms', 'p99 ms', 'requests/s'],
    rows.map(({ server, what, connections, p50, p99, perSecond }) => [
      server,
      what === 'score' ? 'score one row' : 'one event, adapted on 100',
      String(connections),
      p50.toFixed(2),
      p99.toFixed(2),
      perSecond.toFixed(0),
    ]),
  );
