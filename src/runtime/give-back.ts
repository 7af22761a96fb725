// Memory of results given back at once, where it would else lie about until garbage is collected.
import { MessageChannel } from 'node:worker_threads';

const { port1: nowhere, port2: unheard } = new MessageChannel();
unheard.close();
nowhere.close();

/**
 * Frees what the arrays lie in; they are empty afterwards. ONNX Runtime makes its outputs anew at every run, a megabyte or more a
 * training step, and the collections that so much memory calls for cost a sixth of the step. Handed over to a closed port, a buffer is
 * no longer ours and nobody's. The arrays must be whole buffers that nothing else uses.
 */
export function giveBack(arrays: readonly Float32Array[]): void {
  const buffers = arrays.map(({ buffer }) => buffer);
  nowhere.postMessage(
    null,
    buffers.filter((buffer) => buffer instanceof ArrayBuffer),
  );
}
