"""The shipped cases rebuilt from their descriptions, with answers computed anew.

    PYTHONPATH=. python -m tests.testing.described FOLDER

writes the three files again, to compare them with those in relu_theory/data.
"""

import json
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np

from relu_theory import Box, ReluNetwork, WholeSpace, families, lipschitz, regions

ORDERS = (1, 2, float("inf"))
TINY = 2.0**-1000


def pass_through(shift) -> ReluNetwork:
    return ReluNetwork([[[1]], [[1]]], [[shift], [-shift]])


def cancelling(k) -> ReluNetwork:
    return ReluNetwork([[[k], [1]], [[k, -(k * k - 1)]]], [[0, 0], [0]])


def identity(scale=1) -> ReluNetwork:
    return ReluNetwork([[[scale], [-scale]], [[1, -1]]], [[0, 0], [0]]).scale(Fraction(1) / scale)


def barrier(T) -> ReluNetwork:
    """T (|u - v| - u - v) for u = relu(x), v = relu(-x), which is zero."""
    second = [[1, -1], [-1, 1], [1, 1]]
    return ReluNetwork(
        [[[1], [-1]], second, [[T, T, -T]]], [[0, 0], [0, 0, 0], [0]])


def two_outputs() -> ReluNetwork:
    return ReluNetwork([[[1, 1], [1, -1]], [[1, 1], [1, -1]]], [[0, 0], ["1/2", 0]])


def steep(gap) -> ReluNetwork:
    """1000 times the part of x between 0 and gap."""
    return ReluNetwork([[[1], [1]], [[1000, -1000]]], [[0, -gap], [0]])


def first_layer_times(factor, seed) -> ReluNetwork:
    net = families.gaussian(2, [4, 4], seed)
    return ReluNetwork([factor * net.weights[0], *net.weights[1:]], net.biases)


def bump(offset=0) -> ReluNetwork:
    return ReluNetwork([[[1], [1], [1]], [[1, -2, 1]]], [[offset, offset - 1, offset - 2], [0]])


def range_descriptions() -> Iterator[tuple[str, str, ReluNetwork, Box]]:
    unit, segment = Box(0, 1, dim=1), Box(-1, 1, dim=1)
    for bits, kind in ((24, "float32"), (53, "float64"), (200, "any float")):
        note = f"relu(x + 2^{bits}) - 2^{bits}: {kind} loses x"
        yield f"pass through 2^{bits}", note, pass_through(2**bits), unit
    for k, kind in ((4097, "float32"), (94906267, "float64")):
        note = f"k relu(k x) - (k^2 - 1) relu(x): {kind} rounds the slope 1 to 0"
        yield f"cancel {k}", note, cancelling(k), Box(0, 1000, dim=1)
    yield "identity", "relu(x) - relu(-x)", identity(), segment
    yield "x - x", "relu(x) - relu(x)", ReluNetwork([[[1], [1]], [[1, -1]]], [[0, 0], [0]]), segment
    underflow = ReluNetwork([[[TINY]], [[TINY]], [[2.0**1000]]], [[0], [0], [0]])
    yield "underflow", "2^1000 relu(2^-1000 relu(2^-1000 x)): underflows", underflow, unit
    overflow = ReluNetwork([[[2.0**600]], [[2.0**600]]], [[0], [0]])
    yield "overflow", "2^600 relu(2^600 x): above the range of floats", overflow, unit
    yield "barrier 1000", "1000 (|u - v| - u - v) for u, v = relu(x), relu(-x): zero", barrier(
        1000), segment
    yield "two outputs", "two outputs, one coordinate of the box is a point", two_outputs(), Box(
        [-1, "1/4"], [1, "1/4"])
    rng = np.random.default_rng(0)
    for seed in range(4):
        net, centre = families.gaussian(2, [8, 8], seed), rng.uniform(-1, 1, 2).tolist()
        note = f"Gaussian [8, 8], seed {seed}"
        yield f"point {seed}", f"{note}, at one point", net, Box(centre, centre)
        ends = [[Fraction(v) + sign * Fraction(1e-7) for v in centre] for sign in (-1, 1)]
        yield f"radius 1e-7, {seed}", f"{note}, around a point", net, Box(*ends)
        yield f"square {seed}", f"{note}, on a square", net, Box(-1, 1, dim=2)


def constant_descriptions() -> Iterator[tuple[str, str, ReluNetwork, list]]:
    line, segment = WholeSpace(1), Box(-1, 1, dim=1)
    yield "identity", "relu(x) - relu(-x): both neurons are on at no x", identity(), [line, segment]
    yield "x - x", "relu(x) - relu(x)", ReluNetwork([[[1], [1]], [[1, -1]]], [[0, 0], [0]]), [
        line, segment]
    for k, kind in ((4097, "float32"), (94906267, "float64")):
        note = f"k relu(k x) - (k^2 - 1) relu(x): {kind} rounds the slope 1 to 0"
        yield f"cancel {k}", note, cancelling(k), [line, Box(0, 1000, dim=1)]
    for gap in (1.0, 2.0**-30):
        note = f"slope 1000 on an interval of length {gap:.3g}, 0 elsewhere"
        yield f"steep {gap:.3g}", note, steep(gap), [line, segment]
    yield "coupled", "relu(x) - relu(x - 1): coupled multipliers give 0", ReluNetwork(
        [[[1], [1]], [[1, -1]]], [[0, -1], [0]]), [line]
    yield "one piece", "a bump away from the segment", bump(8), [line, Box(0, 1, dim=1)]
    yield "barrier 1000", "1000 (|u - v| - u - v) for u, v = relu(x), relu(-x): zero", barrier(
        1000), [line, segment]
    for factor, seed in ((1, 0), (10, 0), (1, 1), (10, 1)):
        note = f"Gaussian [4, 4], seed {seed}, first layer times {factor}"
        yield f"first layer times {factor}, {seed}", note, first_layer_times(factor, seed), [
            WholeSpace(2), Box(-1, 1, dim=2)]


def ranges() -> list[dict]:
    cases = []
    for name, note, net, box in range_descriptions():
        found = [
            {"minimum": str(r.minimum), "maximum": str(r.maximum)}
            for r in regions.output_range(net, box)]
        ends = {side: [str(v) for v in getattr(box, side)] for side in ("lower", "upper")}
        cases.append({"name": name, "note": note, "box": ends, "ranges": found,
                      "network": net.to_dict()})
    return cases


def constants() -> list[dict]:
    cases = []
    for name, note, net, domains in constant_descriptions():
        found = []
        for domain in domains:
            for order in ORDERS if net.input_dim > 1 else (2,):
                value = lipschitz.exact(net, domain, order, order).value
                squared = getattr(value, "squared", None) if order == 2 else value * value
                found.append({"domain": _spelled(domain), "ord": order if order < 3 else "inf",
                              "squared": str(squared)})
        cases.append({"name": name, "note": note, "constants": found, "network": net.to_dict()})
    return cases


def integers() -> list[dict]:
    cases = []
    for seed in range(60):
        net = families.random_integer(2, [4, 4], seed)
        counts = [{"domain": _spelled(d), "proper": regions.count(net, d)}
                  for d in (Box(-1, 1, dim=2), WholeSpace(2))]
        cases.append({"name": f"integers {seed}", "note": f"entries from -2 to 2, seed {seed}",
                      "counts": counts, "network": net.to_dict()})
    return cases


def _spelled(domain):
    if isinstance(domain, WholeSpace):
        return "whole space"
    return {"lower": _end(domain.lower), "upper": _end(domain.upper)}


def _end(end):
    (value,) = set(end)
    return int(value)


FILES = {
    "ranges": ("Exact ranges of networks on boxes on which bounds in floating-point arithmetic "
               "exclude true values.", ranges),
    "constants": ("Squares of exact Lipschitz constants from l_ord to l_ord.", constants),
    "integers": ("Exact numbers of proper activation regions of networks of small integers.",
                 integers),
}


def written(name: str) -> str:
    what, make = FILES[name]
    head = f'{{\n "format": "relu_theory {name} 1",\n "what": {json.dumps(what)},\n "cases": [\n  '
    return head + ",\n  ".join(json.dumps(case) for case in make()) + "\n ]\n}\n"


if __name__ == "__main__":
    for name in FILES:
        (Path(sys.argv[1]) / f"{name}.json").write_text(written(name), encoding="utf-8")
