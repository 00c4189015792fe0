"""Hypothesis strategies: small rational networks and domains, random and degenerate.

Entries are small integers and fractions, so that a counterexample shrinks to something readable,
and coincidences (parallel, repeated and concurrent hyperplanes, dead neurons) are common.
"""

from collections.abc import Callable
from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from relu_theory import Box, Polytope, ReluNetwork, WholeSpace

Vector = list[Fraction]
Matrix = list[Vector]


def rationals(bound: int = 3, denominators: tuple[int, ...] = (1, 1, 2, 3)) -> SearchStrategy:
    """Fractions with numerators up to ``bound`` and the given denominators."""
    numerators = st.integers(-bound, bound)
    return st.builds(Fraction, numerators, st.sampled_from(denominators))


def vectors(size: int) -> SearchStrategy[Vector]:
    """Lists of ``size`` rationals."""
    return st.lists(rationals(), min_size=size, max_size=size)


def points(dim: int) -> SearchStrategy[Vector]:
    """Points with coarse coordinates, which often lie on the breaks of a small network."""
    return st.lists(rationals(6, (1, 2, 4)), min_size=dim, max_size=dim)


@st.composite
def random_layers(draw: DrawFn, inputs: int, outputs: int) -> tuple[Matrix, Vector]:
    """A layer without intended coincidences."""
    return [draw(vectors(inputs)) for _ in range(outputs)], draw(vectors(outputs))


@st.composite
def repeated_layers(draw: DrawFn, inputs: int, outputs: int) -> tuple[Matrix, Vector]:
    """Rows that are multiples, of either sign, of one or two rows."""
    sources = [draw(vectors(inputs + 1)) for _ in range(draw(st.integers(1, 2)))]
    rows = []
    for _ in range(outputs):
        factor = draw(st.sampled_from([Fraction(1), Fraction(2), Fraction(-1), Fraction(-1, 2)]))
        rows.append([factor * v for v in draw(st.sampled_from(sources))])
    return _split(rows)


@st.composite
def parallel_layers(draw: DrawFn, inputs: int, outputs: int) -> tuple[Matrix, Vector]:
    """One normal, up to sign, with several offsets."""
    normal = draw(vectors(inputs))
    signs = [draw(st.sampled_from([1, -1])) for _ in range(outputs)]
    return [[sign * v for v in normal] for sign in signs], draw(vectors(outputs))


@st.composite
def concurrent_layers(draw: DrawFn, inputs: int, outputs: int) -> tuple[Matrix, Vector]:
    """Hyperplanes through one point."""
    point = draw(vectors(inputs))
    rows = [draw(vectors(inputs)) for _ in range(outputs)]
    return rows, [-sum(a * x for a, x in zip(row, point, strict=True)) for row in rows]


@st.composite
def dead_layers(draw: DrawFn, inputs: int, outputs: int) -> tuple[Matrix, Vector]:
    """Zero rows, and rows that no nonnegative input can switch on, among ordinary ones."""
    rows = []
    for _ in range(outputs):
        row = draw(vectors(inputs + 1))
        kind = draw(st.sampled_from(["ordinary", "zero", "constant", "dead"]))
        if kind == "zero":
            row = [Fraction(0)] * (inputs + 1)
        elif kind == "constant":
            row = [Fraction(0)] * inputs + row[-1:]
        elif kind == "dead":
            row = [-abs(v) for v in row]
        rows.append(row)
    return _split(rows)


def _split(rows: Matrix) -> tuple[Matrix, Vector]:
    return [row[:-1] for row in rows], [row[-1] for row in rows]


DEGENERATE = (repeated_layers, parallel_layers, concurrent_layers, dead_layers)


@st.composite
def _networks(
    draw: DrawFn,
    kinds: tuple[Callable[[int, int], SearchStrategy], ...],
    dim: int | None,
    max_width: int,
    max_depth: int,
    outputs: int | None,
) -> ReluNetwork:
    inputs = draw(st.integers(1, 4)) if dim is None else dim
    depth = draw(st.sampled_from([*range(1, max_depth + 1), 0]))
    widths = [draw(st.integers(1, max_width)) for _ in range(depth)]
    last = draw(st.integers(1, 2)) if outputs is None else outputs
    sizes = [inputs, *widths]
    layers = [draw(draw(st.sampled_from(kinds))(a, b)) for a, b in zip(sizes, widths, strict=False)]
    layers.append(draw(random_layers(sizes[-1], last)))
    return ReluNetwork(*map(list, zip(*layers, strict=True)))


def random_networks(
    dim: int | None = None, *, max_width: int = 4, max_depth: int = 2, outputs: int | None = None
) -> SearchStrategy[ReluNetwork]:
    """Networks on R^dim (dim 1 to 4 when None) with 0 to ``max_depth`` hidden layers."""
    return _networks((random_layers,), dim, max_width, max_depth, outputs)


def degenerate_networks(
    dim: int | None = None, *, max_width: int = 4, max_depth: int = 2, outputs: int | None = None
) -> SearchStrategy[ReluNetwork]:
    """The same with every kind of coincidence in every hidden layer."""
    return _networks(DEGENERATE, dim, max_width, max_depth, outputs)


def networks(
    dim: int | None = None, *, max_width: int = 4, max_depth: int = 2, outputs: int | None = None
) -> SearchStrategy[ReluNetwork]:
    """Random, degenerate and mixed networks; degenerate ones are the simplest to shrink to."""
    sizes = {"max_width": max_width, "max_depth": max_depth, "outputs": outputs}
    return st.one_of(
        degenerate_networks(dim, **sizes),
        random_networks(dim, **sizes),
        _networks((random_layers, *DEGENERATE), dim, **sizes),
    )


@st.composite
def boxes(draw: DrawFn, dim: int, *, flat: bool = True) -> Box:
    """Small boxes; with ``flat``, some coordinates may have equal ends."""
    lower = draw(points(dim))
    widths = st.sampled_from([Fraction(w) for w in ("1/2", "1", "2", "5")] + [Fraction(0)] * flat)
    return Box(lower, [low + draw(widths) for low in lower])


@st.composite
def polytopes(draw: DrawFn, dim: int) -> Polytope:
    """A few half-spaces near the origin: bounded, unbounded, flat by accident, or empty."""
    A = [draw(vectors(dim)) for _ in range(draw(st.integers(1, dim + 3)))]
    return Polytope(A, draw(vectors(len(A))))


@st.composite
def flat_polytopes(draw: DrawFn, dim: int) -> Polytope:
    """Polytopes in a hyperplane, given as an equation or as two opposite half-spaces."""
    base = draw(polytopes(dim))
    normal = draw(vectors(dim).filter(any))
    offset = draw(rationals())
    if draw(st.booleans()):
        return Polytope(base.A, base.b, [normal], [offset])
    opposite = [-v for v in normal]
    return Polytope([*base.A, normal, opposite], [*base.b, offset, -offset])


@st.composite
def empty_polytopes(draw: DrawFn, dim: int) -> Polytope:
    """Two half-spaces that do not meet, among others."""
    base = draw(polytopes(dim))
    normal, end = draw(vectors(dim)), draw(rationals())
    gap = draw(st.sampled_from([Fraction(1, 10**9), Fraction(1, 2), Fraction(1)]))
    A = [*base.A, normal, [-v for v in normal]]
    return Polytope(A, [*base.b, end - gap, -end])


def domains(dim: int) -> SearchStrategy:
    """Every kind of polyhedral domain in R^dim."""
    return st.one_of(
        st.just(WholeSpace(dim)),
        boxes(dim),
        polytopes(dim),
        flat_polytopes(dim),
        empty_polytopes(dim),
    )
