// Loaded into a measured process before its program (`node --import`): leaves behind what the process has used.
import { writeFileSync } from 'node:fs';

const path = process.env['LIMAML_BENCH_USAGE'];
if (path !== undefined)
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    // Kilobytes on every platform, and microseconds.
    writeFileSync(
      path,
      JSON.stringify({ peakMb: maxRSS / 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 }),
    );
  });
