"""The protocol every engine speaks with the harness: one JSON object a line on standard output.

    ready   after set-up and the checked steps: {"event":"ready","engine","version","setting","threads","checks"}
    time n w on standard input: w steps (2 when left out, at most n) unmeasured, then n measured:
            {"event":"timed","msPerStep":[...],"cpu":busy cores of this process,"others":busy cores of all the rest}
    peak    on standard input: {"event":"peak","gflops"} of a large float32 matrix product through this runtime
    end of input: {"event":"done","peakRssMb"}

By hand: `python torch_dense.py --folder F --threads 2 --variant manual --steps 50` prints one summary line.
"""
import argparse
import json
import os
import resource
import sys
import time

from kept_memory import keep_freed_memory


def arguments():
    """The command line; read before the framework is imported, so that its memory is kept from the start."""
    keep_freed_memory()
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--variant", default="")
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"], help="cuda: the PyTorch engines alone")
    parser.add_argument("--piece", type=int, default=0, help="rows or entities a call; 0: what was fastest here")
    parser.add_argument("--steps", type=int, default=0, help="run by hand: this many steps, one summary line")
    return parser.parse_args()


def _say(**event):
    print(json.dumps(event), flush=True)


def _peak_rss_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _machine_busy_seconds():
    """Seconds all cores have been busy or stolen since boot, or None where /proc/stat is absent."""
    try:
        with open("/proc/stat") as file:
            user, nice, system, _idle, _wait, irq, soft, steal = map(int, file.readline().split()[1:9])
    except OSError:
        return None
    return (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK")


def _timed(step, first, count, warm):
    for i in range(warm):
        step(first + i)
    out = []
    busy, cpu, wall = _machine_busy_seconds(), time.process_time(), time.perf_counter()
    for i in range(count):
        start = time.perf_counter()
        step(first + warm + i)
        out.append((time.perf_counter() - start) * 1e3)
    seconds = time.perf_counter() - wall
    mine = time.process_time() - cpu
    others = None if busy is None else max(0.0, (_machine_busy_seconds() - busy - mine) / seconds)
    return out, mine / seconds, others


def best_gflops(multiply, size):
    """The best of 12 runs of a size³ product."""
    best = float("inf")
    for _ in range(12):
        start = time.perf_counter()
        multiply()
        best = min(best, time.perf_counter() - start)
    return 2 * size**3 / best / 1e9


def serve(args, engine, version, setting, step, checks, gflops):
    """step(i) runs step i and waits for its result; checks() gives the 20 numbers to compare (of a training workload:
    the losses of steps 0 to 19); gflops() measures the runtime's own peak."""
    checked = checks()
    done = 20
    if args.steps:
        times, cpu, others = _timed(step, done, args.steps, min(2, args.steps))
        times.sort()
        _say(engine=engine, version=version, setting=setting, threads=args.threads, losses=checked,
             medianMs=times[len(times) // 2], cpu=cpu, others=others, msPerStep=times, gflopsPeak=gflops(),
             peakRssMb=_peak_rss_mb())
        return
    _say(event="ready", engine=engine, version=version, setting=setting, threads=args.threads, checks=checked)
    for line in sys.stdin:
        words = line.split()
        if words[0] == "time":
            warm = min(int(words[2]) if len(words) > 2 else 2, int(words[1]))
            times, cpu, others = _timed(step, done, int(words[1]), warm)
            done += warm + len(times)
            _say(event="timed", msPerStep=times, cpu=cpu, others=others)
        elif words[0] == "peak":
            _say(event="peak", gflops=gflops())
        else:
            raise ValueError(f"unknown request: {line!r}")
    _say(event="done", peakRssMb=_peak_rss_mb())
