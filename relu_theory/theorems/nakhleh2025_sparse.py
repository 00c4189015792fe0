"""Nakhleh and Nowak, *Global minimizers of l^p-regularized objectives* (NeurIPS 2025)."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import numpy as np
from flint import fmpq

from relu_theory import sparse
from relu_theory.cpwl import CPWL
from relu_theory.regions import bounds
from relu_theory.sparse.dictionary import read_dictionary
from relu_theory.sparse.points import read_points
from relu_theory.sparse.powers import FixedPower
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = [
    "block_programme",
    "few_neurons",
    "largest_slope",
    "neurons_at_most_points",
    "number_of_patterns",
    "short_runs",
    "small_powers",
    "small_powers_multivariate",
    "total_variation",
    "weights_at_most_eight_per_point",
]

Numbers = Sequence[Any]


def _lines(quick: bool) -> Iterator[Instance]:
    """Data on a line with arguments x, y."""
    yield Instance("peak and plateau", {"x": range(-2, 4), "y": [0, 0, 1, 1, 0, 0]})
    yield Instance("jumps 1/10, 1, 1, 1/10", {"x": range(6), "y": _doubly(["1/10", 1, 1, "1/10"])})
    yield Instance("squares", {"x": range(8), "y": [k * k for k in range(8)]})
    yield from map(_line, range(3 if quick else 12))


def _line(seed: int) -> Instance:
    rng = np.random.default_rng(seed)
    y = np.cumsum(np.cumsum(rng.integers(-3, 10, size=9))).tolist()
    return Instance(f"9 points, seed {seed}", {"x": range(9), "y": y})


def _doubly(jumps: Numbers) -> list[Fraction]:
    f = CPWL.from_relus(range(1, len(jumps) + 1), jumps)
    return [f(k) for k in range(len(jumps) + 2)]


def _powers(quick: bool) -> Iterator[Instance]:
    for instance, p in product(_lines(quick), ("1/2", "9/10") if quick else ("1/5", "1/2", "9/10")):
        yield _with_power(instance, p)


def _with_power(instance: Instance, p: str) -> Instance:
    return Instance(f"{instance.name}, p = {p}", {**instance.arguments, "p": p})


def _power(seed: int) -> Instance:
    return _with_power(_line(seed), f"{1 + seed % 9}/10")


@theorem(
    statement="Every solution for 0 < p < 1 has at most N - 2 neurons beside the linear term.",
    latex=r"K\le N-2",
    hypotheses="One input, N data points, 0 < p < 1, a free linear term.",
    paper="nakhleh2025",
    arxiv="2505.21791",
    number="Corollary 3.1.1",
    mark="read",
    relation="<=",
    instances=_powers,
    seeded=_power,
)
def few_neurons(x: Numbers, y: Numbers, p: str) -> Measured:
    """The largest number of knots of a solution.

    Examples
    --------
    >>> case = Instance("squares", {"x": range(5), "y": [0, 1, 4, 9, 16], "p": "1/2"})
    >>> few_neurons.check(case).computed
    2
    """
    found = sparse.interpolate(x, y, p)
    return Measured(max(len(f.knots) for f in found.solutions()), len(x) - 2)


@theorem(
    statement="Every solution for 0 < p < 1 has the total variation of the slopes between "
    "neighbouring points.",
    latex=r"\sum_k|v_kw_k|=\sum_{i=1}^{N-2}|s_{i+1}-s_i|",
    hypotheses="One input, N data points with slopes s_i, 0 < p < 1, a free linear term.",
    paper="nakhleh2025",
    arxiv="2505.21791",
    number="Corollary 3.1.2",
    mark="reconstructed",
    relation="==",
    instances=_powers,
    seeded=_power,
)
def total_variation(x: Numbers, y: Numbers, p: str) -> Measured:
    """The l1 cost of the solution, against that of the polygon through the data."""
    found = sparse.interpolate(x, y, p)
    return Measured(found.function.variation(), CPWL.from_points(x, y).variation())


@theorem(
    statement="The Lipschitz constant of a solution is at most the largest slope between "
    "neighbouring points.",
    latex=r"\mathrm{Lip}(f)\le\max_i|s_i|",
    hypotheses="One input, N data points with slopes s_i, 0 < p < 1, a free linear term.",
    paper="nakhleh2025",
    arxiv="2505.21791",
    number="Corollary 3.1.2",
    mark="reconstructed",
    relation="<=",
    instances=_powers,
    seeded=_power,
)
def largest_slope(x: Numbers, y: Numbers, p: str) -> Measured:
    """The largest slope of the solution."""
    found = sparse.interpolate(x, y, p)
    return Measured(found.function.lipschitz, CPWL.from_points(x, y).lipschitz)


@theorem(
    statement="No partition of a run into blocks of one or two points is cheaper than the one that "
    "the linear-time programme finds.",
    latex=r"D_k=\min(D_{k-1}+\delta_k^p,\;D_{k-2}+(\delta_{k-1}+\delta_k)^p)",
    hypotheses="One input, one run of equal curvature with amplitudes delta_j > 0, 0 < p < 1.",
    number="not in the paper",
    paper="nakhleh2025",
    arxiv="2505.21791",
    mark="derived",
    relation="==",
    instances=_powers,
    seeded=_power,
)
def block_programme(x: Numbers, y: Numbers, p: str) -> Measured:
    """The number of cheaper partitions, each compared exactly."""
    found = sparse.interpolate(x, y, p)
    powers = FixedPower(fmpq(found.p.numerator, found.p.denominator))
    cheaper = 0
    for run, blocks in zip(found.points.runs, found.blocks, strict=True):
        amplitudes = found.points.amplitudes(run)
        best = _sums(amplitudes, blocks.sparsest())
        for other in _partitions(len(amplitudes)):
            terms: dict[fmpq, int] = {}
            for sums, sign in ((_sums(amplitudes, other), 1), (best, -1)):
                for base in sums:
                    terms[base] = terms.get(base, 0) + sign
            cheaper += powers.sign(terms) < 0
    return Measured(cheaper, 0)


def _sums(amplitudes: Sequence[fmpq], sizes: Sequence[int]) -> list[fmpq]:
    ends = np.cumsum([0, *sizes]).tolist()
    return [sum(amplitudes[a:b], fmpq(0)) for a, b in pairwise(ends)]


def _partitions(n: int) -> Iterator[tuple[int, ...]]:
    if n == 0:
        yield ()
    for size in range(1, min(n, 2) + 1):
        yield from ((size, *rest) for rest in _partitions(n - size))


@theorem(
    statement="Below a threshold p* > 0 that depends on the data, every solution has the least "
    "number of knots.",
    latex=r"0<p<p^*\implies V_0(f)=K_{\min}",
    hypotheses="One input, N data points, a free linear term.",
    paper="nakhleh2025",
    arxiv="2505.21791",
    number="Theorem 3.2",
    mark="read",
    relation="==",
    instances=_lines,
    seeded=_line,
)
def small_powers(x: Numbers, y: Numbers) -> Measured:
    """The largest number of knots at p*/2, against the least number of knots."""
    power = sparse.solution_path(x, y, tolerance=Fraction(1, 2**20)).threshold.lower / 2
    found = sparse.interpolate(x, y, power) if power else None
    knots = max(len(f.knots) for f in found.solutions()) if found else None
    return Measured(knots, sparse.interpolate(x, y).count)


def _short(quick: bool) -> Iterator[Instance]:
    yield from map(_threes, range(3 if quick else 12))


def _threes(seed: int) -> Instance:
    jumps = np.random.default_rng(seed).integers(1, 60, size=(3, 3))
    signed = [int(sign * v) for row, sign in zip(jumps, (1, -1, 1), strict=True) for v in row]
    return Instance(f"runs of three, seed {seed}", {"x": range(11), "y": _doubly(signed)})


@theorem(
    statement="When no more than three consecutive points have the same curvature, p* = 1: every "
    "0 < p < 1 gives the least number of knots.",
    latex=r"\text{runs of}\le3\implies p^*=1",
    hypotheses="One input; every maximal run of equal non-zero curvature has at most three "
    "points.",
    number="not in the paper; Theorem 3.2 has two instead of three",
    paper="nakhleh2025",
    arxiv="2505.21791",
    mark="derived",
    relation="==",
    instances=_short,
    seeded=_threes,
)
def short_runs(x: Numbers, y: Numbers) -> Measured:
    """The threshold of data whose runs are short (the paper states two instead of three).

    A block of two costs less than its two points alone, so a run of two is one block and a run
    of three is one block and a single point, whatever p is.
    """
    assert max(run.length for run in read_points(x, y).runs) <= 3
    path = sparse.solution_path(x, y, tolerance=Fraction(1, 2**20))
    counts = {segment.solution.count for segment in path.segments}
    return Measured(max(counts), sparse.interpolate(x, y).count)


def _planes(quick: bool) -> Iterator[Instance]:
    """Data in one and two dimensions with arguments X, y."""
    yield Instance("exclusive or", {"X": [[0, 0], [1, 0], [0, 1], [1, 1]], "y": [0, 1, 1, 0]})
    yield Instance("three points on a line", {"X": [[0], [1], [2]], "y": [0, 1, 0]})
    for seed in range(2 if quick else 6):
        rng = np.random.default_rng(seed)
        for n, d in ((3, 1), (5, 1), (4, 2)):
            yield _scattered(rng, n, d, seed)


def _scattered(rng: np.random.Generator, n: int, d: int, seed: int) -> Instance:
    X = rng.permutation(list(product(range(-3, 4), repeat=d)))[:n].tolist()
    y = rng.integers(-3, 4, n).tolist()
    return Instance(f"N = {n}, d = {d}, seed {seed}", {"X": X, "y": y})


def _plane(seed: int) -> Instance:
    return _scattered(np.random.default_rng(seed), 4, 2, seed)


@theorem(
    statement="N points of R^d have at most 2 sum_{k<=d} C(N - 1, k) patterns of active data.",
    latex=r"J\le2\sum_{k=0}^{d}\binom{N-1}{k}",
    hypotheses="N distinct points of R^d; a pattern says for which points a neuron is active.",
    paper="nakhleh2025",
    arxiv="2505.21791",
    number="Lemma 4.1",
    mark="reconstructed",
    relation="<=",
    instances=_planes,
    seeded=_plane,
)
def number_of_patterns(X: Any, y: Any) -> Measured:
    """Patterns of neurons in the interior of a cell, from the region engine."""
    groups = read_dictionary(X, y, full=True).groups
    active = {tuple(any(c[i] for c in g.columns) for i in range(len(X))) for g in groups}
    return Measured(len(active), bounds.central_arrangement(len(X), len(X[0]) + 1))


@theorem(
    statement="Points in general position are interpolated with at most 8 N non-zero input weights "
    "and biases.",
    latex=r"\sum_k\|v_kw_k\|_0\le8N",
    hypotheses="N points of R^d in general position, one hidden layer, no linear term, no output "
    "bias.",
    paper="nakhleh2025",
    arxiv="2505.21791",
    number="Proposition 4.1",
    mark="reconstructed",
    relation="<=",
    instances=_planes,
    seeded=_plane,
)
def weights_at_most_eight_per_point(X: Any, y: Any) -> Measured:
    """The exact minimum, whose proof refutes every smaller choice."""
    best = sparse.sparsest_network(X, y)
    best.check()
    return Measured(best.count, 8 * len(X), best)


@theorem(
    statement="Some solution of the l0 problem has at most N neurons.",
    latex=r"K\le N",
    hypotheses="N points of R^d, one hidden layer, no linear term, no output bias.",
    paper="nakhleh2025",
    arxiv="2505.21791",
    number="Proposition 4.1",
    mark="read",
    relation="<=",
    instances=_planes,
    seeded=_plane,
)
def neurons_at_most_points(X: Any, y: Any) -> Measured:
    """The neurons of a sparsest network."""
    return Measured(sparse.sparsest_network(X, y).network.num_neurons, len(X))


def _tiny(quick: bool) -> Iterator[Instance]:
    yield from (i for i in _planes(quick) if len(i.arguments["X"]) == 3)


@theorem(
    statement="Below p* = ln(1 + 1/k) / ln(R / r) every l_p solution has the least number k of "
    "non-zero weights; R and r are the extreme weights of the vertices.",
    latex=r"p<\ln(1+1/k)/\ln(R/r)\implies\|z\|_0=k",
    hypotheses="N distinct points of R^d; 0 < p < p*, one hidden layer, no linear term.",
    paper="nakhleh2025",
    arxiv="2505.21791",
    number="Theorem 4.1, constant of its proof",
    mark="reconstructed",
    relation="==",
    instances=_tiny,
)
def small_powers_multivariate(X: Any, y: Any) -> Measured:
    """Non-zero weights of the exact l_p solution below the threshold, against the exact minimum."""
    bound = sparse.power_threshold(X, y)
    power = Fraction(int(float(bound) * 32), 64)
    if power == 0:
        return Measured(None, None)
    net = sparse.minimal_lp(X, y, power).network
    view = net.exact
    rows = zip(view.weights[0].table(), view.biases[0], strict=True) if net.depth else ()
    used = sum(q != 0 for w, b in rows for q in [*w, b])
    return Measured(used, sparse.sparsest_network(X, y).count)
