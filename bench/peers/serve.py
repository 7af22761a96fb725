"""The protocol every engine speaks with the harness: one JSON object a line on standard output.

    ready   after set-up and 20 checked steps: {"event":"ready","engine","version","setting","threads","checks"}
    time n  on standard input: two steps unmeasured, then n measured: {"event":"timed","msPerStep":[...],"cpu":busy cores}
    peak    on standard input: {"event":"peak","gflops"} of a large float32 matrix product through this runtime
    end of input: {"event":"done","peakRssMb"}

By hand: `python torch_eager.py --folder F --threads 2 --steps 50` prints one summary line.
"""
import argparse
import json
import resource
import sys
import time


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--variant", default="")
    parser.add_argument("--steps", type=int, default=0, help="run by hand: this many steps, one summary line")
    return parser.parse_args()


def _say(**event):
    print(json.dumps(event), flush=True)


def _peak_rss_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _timed(step, first, count):
    for i in range(2):
        step(first + i)
    out = []
    cpu, wall = time.process_time(), time.perf_counter()
    for i in range(count):
        start = time.perf_counter()
        step(first + 2 + i)
        out.append((time.perf_counter() - start) * 1e3)
    return out, (time.process_time() - cpu) / (time.perf_counter() - wall)


def best_gflops(multiply, size):
    """The best of 12 runs of a size³ product."""
    best = float("inf")
    for _ in range(12):
        start = time.perf_counter()
        multiply()
        best = min(best, time.perf_counter() - start)
    return 2 * size**3 / best / 1e9


def serve(args, engine, version, setting, step, checks, gflops):
    """step(i) runs step i and returns its loss; checks() gives the 20 numbers to compare (and runs steps 0–19 of a
    training workload); gflops() measures the runtime's own peak."""
    checked = checks()
    done = 20
    if args.steps:
        times, busy = _timed(step, done, args.steps)
        times.sort()
        _say(engine=engine, version=version, setting=setting, threads=args.threads, losses=checked, cpu=round(busy, 2),
             msPerStep=[round(t, 3) for t in times], medianMs=round(times[len(times) // 2], 3),
             gflopsPeak=round(gflops(), 1), peakRssMb=round(_peak_rss_mb()))
        return
    _say(event="ready", engine=engine, version=version, setting=setting, threads=args.threads, checks=checked)
    for line in sys.stdin:
        words = line.split()
        if words[0] == "time":
            times, busy = _timed(step, done, int(words[1]))
            done += 2 + len(times)
            _say(event="timed", msPerStep=times, cpu=busy)
        elif words[0] == "peak":
            _say(event="peak", gflops=gflops())
        else:
            raise ValueError(f"unknown request: {line!r}")
    _say(event="done", peakRssMb=_peak_rss_mb())
