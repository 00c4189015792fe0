"""Lipschitz constants and moduli, timed beside naive methods:  python -m benchmarks.lipschitz

Processor time of one thread, the smallest of some runs, without compilation. Every ratio is to a
naive method in the same run: for constants the plain fold over `regions.cells` in rational
arithmetic, for moduli a numpy loop over rows, or the single-precision matrix product alone. Set
OPENBLAS_NUM_THREADS=1 (or the like) before, so that the matrix product runs on one core too.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from relu_theory import Box, ReluNetwork, families, lipschitz, regions

_SHAPES = {"a": (2, [16, 16, 16], 1), "b": (4, [12, 12], 1), "c": (10, [20, 20], 2),
           "d": (64, [128, 128, 128], 10)}


def main(arguments: list[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lipschitz")
    parser.add_argument("--quick", action="store_true", help="leave out what takes seconds")
    options = parser.parse_args(arguments)
    _constants()
    _bounds(options.quick)
    if not options.quick:
        _search()
    _moduli(options.quick)
    return 0


def _network(name: str, seed: int) -> ReluNetwork:
    inputs, widths, outputs = _SHAPES[name]
    return families.gaussian(inputs, widths, seed, outputs)


def _constants() -> None:
    print("exact constants             ms    naive ms  ratio   regions  constant")
    for name in "ab":
        for seed in range(3):
            net = _network(name, seed)
            for where, domain in (("box", Box(-1, 1, dim=net.input_dim)), ("R^d", None)):
                seconds, found = _timed(partial(_fresh_exact, name, seed, domain), 5)
                slow = _naive_exact(net, domain)
                print(f"{name}{seed} {where:4} l_2     {1e3 * seconds:13.1f} {1e3 * slow:11.0f} "
                      f"{slow / seconds:6.0f} {found.details['regions']:9} {float(found):9.6f}",
                      flush=True)


def _fresh_exact(name: str, seed: int, domain: Any) -> Any:
    return lipschitz.exact(_network(name, seed), domain)


def _naive_exact(net: ReluNetwork, domain: Any) -> float:
    """Seconds for all cells, estimated from the first 300: the exact gradient of each."""
    start, looked, best = time.process_time(), 0, 0
    for cell in regions.cells(net, domain):
        best = max(best, sum(g * g for g in cell.gradient[0]))
        looked += 1
        if looked == 300:
            break
    return (time.process_time() - start) / looked * regions.count(net, domain)


def _bounds(quick: bool) -> None:
    print("\nbounds, l_2 on R^d           s     bound")
    conic = ("eclipse", "lipsdp-neuron", "lipsdp-layer")
    for name in "abd" if quick else "abcd":
        for method in ("product", "eclipse-fast", "lipsdp-first-order", *conic):
            if method in conic and (name == "d" or quick):
                continue
            net = _network(name, 0)
            seconds, found = _timed(partial(lipschitz.bound, net, method), 2)
            print(f"{name}0 {method:19} {seconds:8.3f} {float(found):9.4f}", flush=True)


def _search() -> None:
    print("\nbranch and bound on the box      s    nodes  bracket")
    for seed in range(3):
        net = _network("c", seed)
        box = Box(-1, 1, dim=10)
        seconds, found = _timed(partial(lipschitz.search, net, box, seconds=300), 1)
        print(f"c{seed} {found.label:20} {seconds:10.2f} {found.details['nodes']:8}  "
              f"[{float(found.lower):.6f}, {float(found.upper):.6f}]", flush=True)


def _moduli(quick: bool) -> None:
    print("\nmoduli                      Mpairs/s   numpy  ratio  visited   steps")
    rng = np.random.default_rng(0)
    cases = [(20_000, 2, "coordinates"), (20_000, 2, "tree"), (20_000, 10, "products"),
             (8_000 if quick else 16_000, 784, "products")]
    cases += [] if quick else [(1_000_000, 2, "tree")]
    for n, d, method in cases:
        x = rng.standard_normal((n, d))
        y = np.abs(x[:, 0]) + np.sin(3 * x.sum(axis=1) / np.sqrt(d))
        runs = 1 if n > 100_000 else 3
        seconds, w = _timed(partial(lipschitz.dmoc, x, y, method=method, limit=10**7), runs)
        pairs = n * (n - 1) / 2
        slow = _numpy_rate(x, y)
        print(f"n={n:8} d={d:4} {method:12} {pairs / seconds / 1e6:8.0f} {slow / 1e6:7.1f} "
              f"{pairs / seconds / slow:6.1f} {w.visited / pairs:8.1%} {len(w.values):7}",
              flush=True)
        if d == 784:
            rate = _product_rate(x)
            print(f"   the matrix product alone: {rate / 1e6:.0f} Mpairs/s; share "
                  f"{pairs / seconds / rate:.0%}", flush=True)
    _beyond_memory(20_000 if quick else 200_000)


def _beyond_memory(n: int) -> None:
    """The tree over a memory map, with an eighth of the points in memory, beside all of them."""
    rng = np.random.default_rng(0)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.npy"
        np.save(path, rng.standard_normal((n, 2)))
        x = np.load(path, mmap_mode="r")
        y = np.abs(x[:, 0]) + np.sin(3 * x.sum(axis=1) / np.sqrt(2))
        times, found = [], []
        for memory in (1 << 30, 7 * n):
            seconds, w = _timed(partial(lipschitz.dmoc, x, y, method="tree", memory=memory,
                                        limit=10**7), 1)
            times.append(seconds)
            found.append(w)
    same = np.array_equal(found[0].values, found[1].values) and np.array_equal(
        found[0].distances, found[1].distances)
    print(f"n={n:8} d=   2 tree in files {times[1]:.2f} s, in memory {times[0]:.2f} s; "
          f"{'the same steps' if same else 'STEPS DIFFER'}", flush=True)


def _numpy_rate(x: Any, y: Any) -> float:
    """Pairs per second of a numpy loop over rows that only bins into a staircase."""
    rows = max(2, min(200, 20_000_000 // x.size))
    edges = np.linspace(0, float(np.abs(x).max()) * 4 * np.sqrt(x.shape[1]), 1000)

    def run() -> None:
        top = np.zeros(len(edges) + 1)
        for i in range(rows):
            distances = np.sqrt(((x - x[i]) ** 2).sum(axis=1))
            np.maximum.at(top, np.searchsorted(edges, distances), np.abs(y - y[i]))

    return rows * len(x) / _timed(run, 2)[0]


def _product_rate(x: Any) -> float:
    """Pairs per second of single-precision products of tiles, each pair once."""
    tile = x[:2048].astype(np.float32)
    return len(tile) ** 2 / _timed(lambda: tile @ tile.T.copy(), 5)[0]


def _timed(call: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """The smallest processor time, after one run that compiles."""
    if runs > 1:
        call()
    times = []
    for _ in range(runs):
        start = time.process_time()
        result = call()
        times.append(time.process_time() - start)
    return min(times), result


if __name__ == "__main__":
    sys.exit(main())
