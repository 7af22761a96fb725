// Red Hat's YAML language server, which editors run: what it finds wrong with a text.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface YamlLanguageServer {
  /** Messages of a text that would lie at `file` of the root. */
  faults(file: string, text: string): Promise<readonly string[]>;
  stop(): void;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly uri: string; readonly diagnostics: readonly { readonly message: string }[] };
}

/** Starts it over standard streams, as an editor does; it asks nothing of the network. */
export function startLanguageServer(root: string): YamlLanguageServer {
  const manifest = createRequire(import.meta.url).resolve('yaml-language-server/package.json');
  const program = join(dirname(manifest), 'bin', 'yaml-language-server');
  const child = spawn(process.execPath, [program, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting = new Map<string, (found: readonly string[]) => void>();
  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const settings = {
    yaml: { validate: true, schemaStore: { enable: false }, kubernetesCRDStore: { enable: false } },
  };
  const take = ({ id, method, params }: Message): void => {
    if (method === 'textDocument/publishDiagnostics' && params !== undefined)
      waiting.get(params.uri)?.(params.diagnostics.map(({ message }) => message));
    else if (method === 'workspace/configuration' && id !== undefined)
      send({ id, result: [settings.yaml, {}, {}, {}, {}] });
    else if (method !== undefined && id !== undefined) send({ id, result: null });
  };
  let buffer = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const head = buffer.indexOf('\r\n\r\n');
      const length = Number(
        /Content-Length: (\d+)/i.exec(buffer.subarray(0, Math.max(head, 0)).toString())?.[1],
      );
      if (head < 0 || buffer.length < head + 4 + length) return;
      const body = buffer.subarray(head + 4, head + 4 + length).toString();
      buffer = buffer.subarray(head + 4 + length);
      take(JSON.parse(body) as Message);
    }
  });
  send({
    id: 1,
    method: 'initialize',
    params: { processId: process.pid, rootUri: pathToFileURL(root).href, capabilities: {} },
  });
  send({ method: 'initialized', params: {} });
  send({ method: 'workspace/didChangeConfiguration', params: { settings } });
  return {
    faults: (file, text) =>
      new Promise((resolve) => {
        const uri = pathToFileURL(join(root, file)).href;
        waiting.set(uri, (found) => {
          waiting.delete(uri);
          resolve(found);
        });
        send({
          method: 'textDocument/didOpen',
          params: { textDocument: { uri, languageId: 'yaml', version: 1, text } },
        });
      }),
    stop: () => child.kill(),
  };
}
