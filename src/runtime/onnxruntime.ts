// ONNX Runtime: the default executor.
import { createRequire } from 'node:module';
import * as ort from 'onnxruntime-node';
import { UserError } from '../errors.js';
import { programInputs, toOnnx } from '../graph/onnx/model.js';
import type {
  CompiledProgram,
  CompileOptions,
  Device,
  Executor,
  Program,
  Results,
  Tensor,
} from './executor.js';

const require = createRequire(import.meta.url);

/** Version of the installed onnxruntime-node package. */
export const onnxruntimeVersion = (require('onnxruntime-node/package.json') as { version: string }).version;

// Its log goes to standard error past us. Whatever it would say of an error is in the exception that follows.
ort.env.logLevel = 'fatal';

export const onnxruntime: Executor = {
  name: 'onnxruntime',
  version: onnxruntimeVersion,
  async compile(program: Program, options: CompileOptions = {}): Promise<CompiledProgram> {
    const inputs = [...programInputs(program).keys()];
    return loadSession(toOnnx(program), inputs, options);
  },
};

/** A session over ONNX bytes or an .onnx file, as a compiled program. */
export async function loadSession(
  model: Uint8Array | string,
  inputs?: readonly string[],
  options: CompileOptions = {},
): Promise<CompiledProgram> {
  const session = await createSession(model, options);
  return {
    inputs: inputs ?? session.inputNames,
    async run(feeds) {
      return fromOrt(await session.run(toOrt(feeds)));
    },
    dispose: () => session.release(),
  };
}

const NEXT: Readonly<Record<Exclude<Device, 'cpu'>, string>> = {
  cuda: 'Use --device cpu, or install what CUDA needs: docs/backends.md, "Devices".',
  webgpu: 'Use --device cpu: WebGPU needs a graphics adapter and its driver (docs/backends.md, "Devices").',
};

async function createSession(
  model: Uint8Array | string,
  options: CompileOptions,
): Promise<ort.InferenceSession> {
  const device = options.device ?? 'cpu';
  const settings: ort.InferenceSession.SessionOptions = {
    executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
    intraOpNumThreads: options.threads ?? 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableMemPattern: true,
    enableCpuMemArena: true,
    logSeverityLevel: 3,
  };
  try {
    return typeof model === 'string'
      ? await ort.InferenceSession.create(model, settings)
      : await ort.InferenceSession.create(model, settings);
  } catch (error) {
    if (device === 'cpu') throw error;
    throw new UserError(
      {
        code: 'DEVICE_ABSENT',
        where: `--device ${device}`,
        what: `ONNX Runtime ${onnxruntimeVersion} could not start its "${device}" execution provider: ${(error as Error).message.split('\n')[0]}`,
        next: NEXT[device],
      },
      { cause: error },
    );
  }
}

function toOrt(feeds: Readonly<Record<string, Tensor>>): Record<string, ort.Tensor> {
  const tensors: Record<string, ort.Tensor> = {};
  for (const [name, { data, shape }] of Object.entries(feeds))
    tensors[name] =
      data instanceof Float32Array
        ? new ort.Tensor('float32', data, shape)
        : data instanceof Float64Array
          ? new ort.Tensor('float64', data, shape)
          : data instanceof BigInt64Array
            ? new ort.Tensor('int64', data, shape)
            : new ort.Tensor('string', data as string[], shape);
  return tensors;
}

function fromOrt(tensors: Readonly<Record<string, ort.Tensor>>): Results {
  const results: Results = {};
  for (const [name, { data, dims }] of Object.entries(tensors))
    results[name] = { data: data as Tensor['data'], shape: dims };
  return results;
}
