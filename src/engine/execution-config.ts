// The `execution` section of a recipe: how numbers are computed, in training and in everything that scores afterwards.
import { z } from 'zod';
import { BACKEND_NAMES } from '../runtime/backends.js';
import { DEVICES } from '../runtime/executor.js';

export const executionSchema = z.strictObject({
  backend: z.enum(BACKEND_NAMES).default('onnxruntime').describe('engine that runs the graphs'),
  device: z.enum(DEVICES).default('cpu').describe('what it runs on'),
  workers: z.int().min(0).max(64).default(2).describe('worker threads; 0 runs in the main thread'),
  tileRows: z.int().min(1).default(2048).describe('most rows (with padding) of one piece of a batch'),
});

export type ExecutionConfig = z.output<typeof executionSchema>;
