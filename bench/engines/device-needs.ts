// What a card asks of the machine beyond what the CPU does, and which engines cannot run there.
import { spawnSync } from 'node:child_process';
import { input } from '../../src/graph/ops/leaves.js';
import { onnxruntime } from '../../src/runtime/onnxruntime.js';
import type { BenchDevice, EngineSpec } from './engine-list.js';
import { python } from './peer-needs.js';

/** Throws UserError DEVICE_ABSENT where ONNX Runtime cannot compute on the device. */
export async function deviceStarts(device: BenchDevice): Promise<void> {
  if (device === 'cpu') return;
  const compiled = await onnxruntime.compile({ outputs: { y: input('x', [1]) } }, { device });
  await compiled.dispose();
}

const SEES_CARD = 'import torch, sys; sys.exit(0 if torch.cuda.is_available() else 1)';

/** Engine names → why they cannot run on the device. Nothing of the CPU. */
export function unmetOn(
  device: BenchDevice,
  specs: readonly Pick<EngineSpec, 'name' | 'family'>[],
): Map<string, string> {
  if (device === 'cpu') return new Map();
  const torch = specs.some(({ family }) => family === 'pytorch');
  const seen = torch && spawnSync(python, ['-c', SEES_CARD], { stdio: 'ignore' }).status === 0;
  const reason = ({ family }: Pick<EngineSpec, 'family'>): string | undefined => {
    if (family === 'jax') return `written for the CPU alone, not for ${device}`;
    if (family === 'pytorch' && !seen)
      return 'PyTorch sees no card: install its build for CUDA and the driver of NVIDIA';
    return undefined;
  };
  return new Map(
    specs.flatMap((spec) => {
      const why = reason(spec);
      return why === undefined ? [] : [[spec.name, why]];
    }),
  );
}
