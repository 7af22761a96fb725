// Loaded into a measured process before its program (`node --import`): leaves the highest memory it ever held behind.
import { writeFileSync } from 'node:fs';

const path = process.env['LIMAML_BENCH_PEAK'];
if (path !== undefined)
  process.on('exit', () => {
    // Kilobytes on every platform.
    writeFileSync(path, String(process.resourceUsage().maxRSS));
  });
