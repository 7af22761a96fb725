// Every kind of split there is. A new one is one new file and one line here.
import { entityHoldout } from './entity-holdout.js';
import { given } from './given.js';
import { globalTime } from './global-time.js';
import { perEntityTime } from './per-entity-time.js';
import { randomRows } from './random-rows.js';

/** The first is what a descriptor without `split.kind` means. */
export const SPLIT_KINDS = [globalTime, perEntityTime, entityHoldout, given, randomRows] as const;
