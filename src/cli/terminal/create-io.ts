// Builds what a command gets: progress on standard error, the result on standard output.

import { printableTree } from '../../printable.js';
import { silent } from '../../progress.js';
import type { EpochPlot } from './epoch-plot.js';
import type { Host } from './host.js';
import type { Io } from './io.js';
import { OutputLost } from './output-lost.js';
import { printableJson } from './printable-json.js';
import { isLive, progressRenderer } from './progress.js';
import { coloursFor, styleFor } from './style.js';

interface IoOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly onShow: () => void;
  /** Draws the curves of a training while they come. */
  readonly plot?: EpochPlot | undefined;
}

/** How often the time is drawn anew while nothing else is. */
const TICK_MS = 1000;

/** An `Io` over the host's streams; `close` ends the progress line and must always be called. */
export function createIo(
  host: Host,
  { json, quiet, onShow, plot }: IoOptions,
): Io & { readonly close: () => void } {
  const renderer = quiet ? undefined : progressRenderer(host, plot);
  const timer =
    renderer !== undefined && isLive(host) ? setInterval(renderer.tick, TICK_MS).unref() : undefined;
  if (plot !== undefined && !isLive(host))
    renderer?.progress({ kind: 'note', text: '--plot draws on a terminal alone: epochs are lines here' });
  const clear = (): void => renderer?.close();
  let streamed = false;
  const written = async (text: string): Promise<void> => {
    const { stdout } = host;
    if (stdout.write(text) === false && stdout.once !== undefined)
      await new Promise<void>((resolve) => {
        stdout.once?.('drain', resolve);
        stdout.once?.('error', resolve);
      });
    const fault = stdout.fault?.();
    if (fault !== undefined) throw new OutputLost(fault, streamed);
    streamed = true;
  };
  return {
    ...host,
    json,
    progress: renderer?.progress ?? silent,
    show: (result, render) => {
      renderer?.finish();
      clear();
      const text = json
        ? printableJson(result)
        : render(printableTree(result), styleFor(host.stdout, coloursFor(host.stdout, host.env), host.cwd));
      host.stdout.write(`${text}\n`);
      onShow();
    },
    stream: async (text) => {
      clear();
      onShow();
      // The first line by itself: of a text larger than a pipe nobody could tell whether a reader that left had any of it.
      const first = streamed ? 0 : text.indexOf('\n') + 1;
      for (const part of [text.slice(0, first), text.slice(first)]) if (part !== '') await written(part);
    },
    close: () => {
      clearInterval(timer);
      clear();
    },
  };
}
