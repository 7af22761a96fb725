// A real browser for tests: Chromium without a window, spoken to over its debugging pipe, so that no package is needed.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** The browser's program: CHROMIUM_PATH, else where Linux distributions put it; undefined where there is none. */
export function chromiumPath(): string | undefined {
  const named = process.env['CHROMIUM_PATH'];
  const places =
    named === undefined
      ? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
      : [named];
  return places.find((path) => existsSync(path));
}

type Message = {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
};

interface BrowserEvent {
  readonly method: string;
  readonly params: Record<string, unknown>;
}

interface Page {
  /** Sends a command of the Chrome DevTools Protocol to the page. */
  send(method: string, params?: object): Promise<Record<string, unknown>>;
  /** Value of an expression in the page, as JSON. */
  evaluate<T>(expression: string): Promise<T>;
  /** Everything the page has reported since it was opened. */
  readonly events: readonly BrowserEvent[];
}

export interface Browser {
  readonly page: Page;
  close(): Promise<void>;
}

/** Starts the browser with a profile of its own and one empty page. */
export async function openBrowser(program: string): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'limaml-chromium-'));
  const child = spawn(
    program,
    [
      '--headless=new',
      '--remote-debugging-pipe',
      `--user-data-dir=${profile}`,
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-extensions',
      '--no-first-run',
      '--no-default-browser-check',
      '--hide-scrollbars',
      '--force-color-profile=srgb',
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const events: BrowserEvent[] = [];
  const send = connect(child, events);
  const { targetInfos } = await send('Target.getTargets');
  const target = (targetInfos as { type: string; targetId: string }[]).find(({ type }) => type === 'page');
  const { sessionId } = await send('Target.attachToTarget', { targetId: target?.targetId, flatten: true });
  const page: Page = {
    events,
    send: (method, params = {}) => send(method, params, sessionId as string),
    evaluate: async <T>(expression: string): Promise<T> => {
      const { result, exceptionDetails } = await page.send('Runtime.evaluate', {
        expression,
        returnByValue: true,
        awaitPromise: true,
      });
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
      return (result as { value: T }).value;
    },
  };
  for (const domain of ['Page', 'Runtime', 'Log', 'Network', 'Audits']) await page.send(`${domain}.enable`);
  return {
    page,
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      // The browser answers or is gone before it can: both are what is wanted.
      void send('Browser.close').catch(() => child.kill());
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

type Send = (method: string, params?: object, sessionId?: string) => Promise<Record<string, unknown>>;

/** Messages are JSON, each ended by a zero byte: written to the browser's third file, read from its fourth. */
function connect(child: ChildProcess, events: BrowserEvent[]): Send {
  const output = child.stdio[3] as Writable;
  const input = child.stdio[4] as Readable;
  const waiting = new Map<number, (message: Message) => void>();
  let unread = '';
  let ids = 0;
  input.setEncoding('utf8').on('data', (text: string) => {
    const parts = (unread + text).split('\0');
    unread = parts.pop() ?? '';
    for (const part of parts) {
      const message = JSON.parse(part) as Message;
      if (message.id !== undefined) waiting.get(message.id)?.(message);
      else if (message.method !== undefined)
        events.push({ method: message.method, params: message.params ?? {} });
    }
  });
  return (method, params = {}, sessionId) =>
    new Promise((resolve, reject) => {
      const id = ++ids;
      const gone = (): void => reject(new Error(`the browser ended before it answered ${method}`));
      child.once('exit', gone);
      waiting.set(id, ({ result, error }) => {
        waiting.delete(id);
        child.off('exit', gone);
        if (error === undefined) resolve(result ?? {});
        else reject(new Error(`${method}: ${error.message}`));
      });
      output.write(
        `${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`,
      );
    });
}
