// Builds what a command gets: progress on standard error, the result on standard output.

import { printableTree } from '../../printable.js';
import { silent } from '../../progress.js';
import type { Host } from './host.js';
import type { Io } from './io.js';
import { OutputLost } from './output-lost.js';
import { printableJson } from './printable-json.js';
import { progressRenderer } from './progress.js';
import { coloursFor, styleFor } from './style.js';

export interface IoOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly onShow: () => void;
}

/** An `Io` over the host's streams; `close` ends the progress line and must always be called. */
export function createIo(
  host: Host,
  { json, quiet, onShow }: IoOptions,
): Io & { readonly close: () => void } {
  const renderer = quiet ? undefined : progressRenderer(host);
  const close = (): void => renderer?.close();
  let streamed = false;
  return {
    ...host,
    json,
    progress: renderer?.progress ?? silent,
    show: (result, render) => {
      close();
      const text = json
        ? printableJson(result)
        : render(printableTree(result), styleFor(host.stdout, coloursFor(host.stdout, host.env), host.cwd));
      host.stdout.write(`${text}\n`);
      onShow();
    },
    stream: async (text) => {
      close();
      onShow();
      const { stdout } = host;
      if (stdout.write(text) === false && stdout.once !== undefined)
        await new Promise<void>((resolve) => {
          stdout.once?.('drain', resolve);
          stdout.once?.('error', resolve);
        });
      const fault = stdout.fault?.();
      if (fault !== undefined) throw new OutputLost(fault, streamed);
      streamed = true;
    },
    close,
  };
}
