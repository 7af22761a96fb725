// limaml_bundle.py of a bundle: how Python feeds its graphs. The package carries it, beside the scripts for Spark that use it too.
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../package-root.js';
import { BUNDLE_FILES } from './format/files.js';

/** Writes the file into a bundle's folder. */
export const writePythonModule = (folder: string): Promise<void> =>
  copyFile(join(packageRoot(), 'spark', BUNDLE_FILES.module), join(folder, BUNDLE_FILES.module));
