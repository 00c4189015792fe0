"""Seeded questions that are hard to answer by tolerance, small enough for the oracle.

`question(seed)` is the same in every run. Each layer and each domain is of one of the kinds listed
in `LAYERS` and `DOMAINS`; the names of the kinds come with the question.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from random import Random

from relu_theory import Box, Polytope, ReluNetwork, WholeSpace
from relu_theory.domain import Polyhedron, reduce
from relu_theory.exact.numbers import fraction
from tests import oracles

Rows = list[list]
# Largest widths for each input dimension, so that an answer of the oracle takes milliseconds.
WIDTHS = {1: (8, 6, 5, 4), 2: (7, 5, 4), 3: (6, 4, 3), 4: (6, 4)}


def question(seed: int) -> tuple[str, ReluNetwork, Polyhedron]:
    """A name, a network with 1 to 4 inputs and a domain for it."""
    rng = Random(seed)
    dim = rng.choice((1, 2, 2, 3, 3, 4))
    limits = WIDTHS[dim]
    depth = rng.choice((0, *range(1, len(limits) + 1), *range(1, len(limits) + 1)))
    widths = [rng.randint(1, limit) for limit in limits[:depth]]
    layers, names, inputs = [], [], dim
    common = rng.choice(tuple(LAYERS)) if rng.random() < 0.5 else None
    for width in widths:
        name = common or rng.choice(tuple(LAYERS))
        layers.append(LAYERS[name](rng, inputs, width))
        names.append(name)
        inputs = width
    layers.append(integers(rng, inputs, rng.randint(1, 2)))
    net = ReluNetwork(
        [[row[:-1] for row in rows] for rows in layers], [[row[-1] for row in r] for r in layers]
    )
    name = rng.choice(tuple(DOMAINS))
    domain = DOMAINS[name](rng, dim, layers[0])
    return f"{seed}: d={dim} {list(zip(names, widths, strict=True))} on {name}", net, domain


def integers(rng: Random, inputs: int, width: int, bound: int = 2) -> Rows:
    return [[rng.randint(-bound, bound) for _ in range(inputs + 1)] for _ in range(width)]


def larger_integers(rng: Random, inputs: int, width: int) -> Rows:
    return integers(rng, inputs, width, 10)


def rationals(rng: Random, inputs: int, width: int) -> Rows:
    return [
        [Fraction(rng.randint(-6, 6), rng.choice((1, 2, 3, 7))) for _ in range(inputs + 1)]
        for _ in range(width)
    ]


def large_denominators(rng: Random, inputs: int, width: int) -> Rows:
    top = 10 ** rng.choice((6, 15, 30))
    return [
        [Fraction(rng.randint(-top, top), rng.randint(1, top)) for _ in range(inputs + 1)]
        for _ in range(width)
    ]


def floats(rng: Random, inputs: int, width: int) -> Rows:
    return [[rng.gauss(0, 1) for _ in range(inputs + 1)] for _ in range(width)]


def float_copies(rng: Random, inputs: int, width: int) -> Rows:
    """Exact multiples of few rows; a factor of 3 rounds and makes them parallel up to rounding."""
    sources = floats(rng, inputs, max(1, width // 2))
    factors = (1.0, -1.0, 2.0, -0.5, 3.0)
    return [
        [factor * v for v in rng.choice(sources)]
        for factor in (rng.choice(factors) for _ in range(width))
    ]


def central_floats(rng: Random, inputs: int, width: int) -> Rows:
    return [[*row[:-1], 0.0] for row in floats(rng, inputs, width)]


def central_copies(rng: Random, inputs: int, width: int) -> Rows:
    return [[*row[:-1], 0.0] for row in float_copies(rng, inputs, width)]


def scaled_rows(rng: Random, inputs: int, width: int) -> Rows:
    """Rows scaled one by one, by powers of two and other numbers."""
    factors = (2.0**-200, 2.0**60, 1e-30, 3.0, 0.1)
    return [
        [factor * v for v in row]
        for row in float_copies(rng, inputs, width)
        for factor in (rng.choice(factors),)
    ]


def scaled_layer(rng: Random, inputs: int, width: int) -> Rows:
    factor = rng.choice((2.0**-200, 2.0**60, 1e100, 1e-100))
    return [[factor * v for v in row] for row in floats(rng, inputs, width)]


def huge_ranges(rng: Random, inputs: int, width: int) -> Rows:
    """Numbers from 1e-300 to 1e300 side by side."""
    exponents = (-300, -150, -20, 0, 0, 20, 150, 300)
    return [
        [rng.gauss(0, 1) * 10.0 ** rng.choice(exponents) for _ in range(inputs + 1)]
        for _ in range(width)
    ]


def one_ulp_apart(rng: Random, inputs: int, width: int) -> Rows:
    """Rows that differ in last places only."""
    source = floats(rng, inputs, 1)[0]
    return [
        [math.nextafter(v, rng.choice((-9.0, v, 9.0))) for v in source] for _ in range(width)
    ]


def nearly_concurrent(rng: Random, inputs: int, width: int) -> Rows:
    """Hyperplanes through one point, up to rounding of the bias."""
    point = [rng.choice((0.1, 1 / 3, 1e-9, 1e9, -0.7)) for _ in range(inputs)]
    rows = floats(rng, inputs, width)
    return [
        [*row[:-1], -sum(a * x for a, x in zip(row, point, strict=False))] for row in rows
    ]


def concurrent(rng: Random, inputs: int, width: int) -> Rows:
    point = [Fraction(rng.randint(-3, 3), rng.choice((1, 3))) for _ in range(inputs)]
    rows = integers(rng, inputs, width, 3)
    return [
        [*row[:-1], -sum(a * x for a, x in zip(row, point, strict=False))] for row in rows
    ]


def parallel(rng: Random, inputs: int, width: int) -> Rows:
    normal = [rng.randint(-3, 3) for _ in range(inputs)]
    return [
        [*(sign * v for v in normal), rng.randint(-3, 3)]
        for sign in (rng.choice((1, -1)) for _ in range(width))
    ]


def dead(rng: Random, inputs: int, width: int) -> Rows:
    rows = rng.choice((integers, floats))(rng, inputs, width)
    for row in rows:
        kind = rng.choice(("ordinary", "zero", "constant", "off"))
        if kind in ("zero", "constant"):
            row[:-1] = [0] * inputs
            row[-1] = 0 if kind == "zero" else row[-1]
        elif kind == "off":
            row[:] = [-abs(v) for v in row]
    return rows


def blind(rng: Random, inputs: int, width: int) -> Rows:
    """Some inputs are ignored by the whole layer."""
    seen = [rng.random() < 0.5 for _ in range(inputs)]
    rows = rng.choice((integers, floats))(rng, inputs, width)
    return [
        [*(v if s else 0 for v, s in zip(row, seen, strict=False)), row[-1]] for row in rows
    ]


def tents(rng: Random, inputs: int, width: int) -> Rows:
    """Axis-parallel breaks at few levels."""
    rows = []
    for _ in range(width):
        k, slope = rng.randrange(inputs), rng.choice((1, 2, 4, -2))
        rows.append([slope * (j == k) for j in range(inputs)] + [rng.choice((0, -1, -2, 1))])
    return rows


LAYERS = {
    f.__name__: f
    for f in (
        integers, larger_integers, rationals, large_denominators, floats, float_copies,
        central_floats, central_copies, scaled_rows, scaled_layer, huge_ranges, one_ulp_apart,
        nearly_concurrent, concurrent, parallel, dead, blind, tents,
    )
}  # fmt: skip


def whole_space(rng: Random, dim: int, first: Rows) -> Polyhedron:
    return WholeSpace(dim)


def unit_box(rng: Random, dim: int, first: Rows) -> Polyhedron:
    return Box(-1, 1, dim=dim)


def float_box(rng: Random, dim: int, first: Rows) -> Polyhedron:
    centre, radius = rng.choice((0.0, 0.1, 1e6)), rng.choice((0.3, 1e-6, 1e4))
    return Box([centre - rng.random() * radius for _ in range(dim)], [centre + radius] * dim)


def flat_box(rng: Random, dim: int, first: Rows) -> Polyhedron:
    lower = [Fraction(rng.randint(-4, 0), 4) for _ in range(dim)]
    return Box(lower, [v + rng.choice((0, 1, 2)) for v in lower])


def polytope(rng: Random, dim: int, first: Rows) -> Polyhedron:
    rows = integers(rng, dim, rng.randint(1, dim + 3), 3)
    return Polytope([row[:-1] for row in rows], [row[-1] for row in rows])


def float_polytope(rng: Random, dim: int, first: Rows) -> Polyhedron:
    """Half-spaces around the origin."""
    rows = floats(rng, dim, rng.randint(1, dim + 3))
    return Polytope([row[:-1] for row in rows], [abs(row[-1]) for row in rows])


def own_half_spaces(rng: Random, dim: int, first: Rows) -> Polyhedron:
    """Half-spaces of the first layer's own hyperplanes."""
    rows = [rng.choice(first) for _ in range(rng.randint(1, 2))]
    if len(rows[0]) != dim + 1:
        return WholeSpace(dim)
    return Polytope([row[:-1] for row in rows], [-fraction(row[-1]) for row in rows])


def flat_polytope(rng: Random, dim: int, first: Rows) -> Polyhedron:
    base = polytope(rng, dim, first)
    row = [rng.randint(-2, 2) for _ in range(dim)]
    end = rng.randint(-1, 1)
    return Polytope(
        [*base.A, row, [-v for v in row]], [*map(abs, base.b), end, -end]
    )


def simplex(rng: Random, dim: int, first: Rows) -> Polyhedron:
    size = Fraction(rng.randint(1, 9), rng.choice((1, 3)))
    corner = [[-int(i == j) for j in range(dim)] for i in range(dim)]
    return Polytope([*corner, [1] * dim], [0] * dim + [size])


def point(rng: Random, dim: int, first: Rows) -> Polyhedron:
    at = [Fraction(rng.randint(-3, 3), 2) for _ in range(dim)]
    return Box(at, at)


def empty(rng: Random, dim: int, first: Rows) -> Polyhedron:
    row = integers(rng, dim - 1, 1)[0]
    return Polytope([row, [-v for v in row]], [0, Fraction(-1, 10**12)])


DOMAINS = {
    f.__name__: f
    for f in (
        whole_space, unit_box, float_box, flat_box, polytope, float_polytope, own_half_spaces,
        flat_polytope, simplex, point, empty,
    )
}  # fmt: skip


def exact_layers(net: ReluNetwork) -> tuple[list, list]:
    """The network as the oracle takes it."""
    weights = [[[fraction(q) for q in row] for row in w.table()] for w in net.exact.weights]
    return weights, [[fraction(q) for q in b] for b in net.exact.biases]


def answers(net: ReluNetwork, domain: Polyhedron | None = None) -> list[oracles.Pattern]:
    """The sorted patterns of the regions, by the oracle on the domain's affine hull."""
    weights, biases = exact_layers(net)
    reduced = reduce(domain or WholeSpace(net.input_dim))
    if reduced is None:
        return []
    if reduced.domain.dim == 0:
        return [net.pattern(reduced.lift([]))]
    if reduced.A is not None:
        matrix = [[fraction(q) for q in row] for row in reduced.A.table()]
        weights, biases = oracles.pull_back(weights, biases, matrix, list(map(fraction, reduced.b)))
    return oracles.regions(weights, biases, reduced.domain.halfspaces())


def questions(count: int, start: int = 0) -> Iterator[tuple[str, ReluNetwork, Polyhedron]]:
    """The questions of the seeds start, ..., start + count - 1."""
    return (question(seed) for seed in range(start, start + count))
