"""Multivariate solvers against each other, against a plain reformulation, and altered proofs."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from relu_theory import CertificateError, InvalidInput, ReluNetwork, ShapeError, TooLarge, sparse
from relu_theory.regions import bounds
from relu_theory.sparse.atoms import atoms_of
from relu_theory.sparse.dictionary import read_dictionary
from relu_theory.sparse.refutation import Node, farkas_vector
from relu_theory.sparse.vertices import _vertices

F = Fraction


@st.composite
def data(draw: st.DrawFn, sizes: tuple = ((1, 2), (1, 3), (1, 4), (2, 2), (2, 3))) -> tuple:
    """(X, y) with distinct small integer points."""
    d, n = draw(st.sampled_from(sizes))
    point = st.tuples(*[st.integers(-2, 2)] * d)
    X = draw(st.lists(point, min_size=n, max_size=n, unique=True))
    return [list(x) for x in X], draw(st.lists(st.integers(-3, 3), min_size=n, max_size=n))


def weights_of(net: ReluNetwork) -> list[Fraction]:
    """The non-zero input weights and biases times the output weight, of every neuron."""
    if not net.depth:
        return []
    view = net.exact
    rows = zip(view.weights[0].table(), view.biases[0], view.weights[1].table()[0], strict=True)
    entries = [v * q for w, b, v in rows for q in [*w, b]]
    return [F(int(q.p), int(q.q)) for q in entries if q != 0]


def fits(net: ReluNetwork, X: list, y: list) -> bool:
    return all(net.forward_exact(x)[0] == label for x, label in zip(X, y, strict=True))


def best_norm(X: list, y: list) -> float:
    """The l1 problem of Lemma 4.1 as it stands: patterns by sampling, signs by splitting."""
    from scipy.optimize import linprog

    A = np.array([[*x, 1] for x in X], dtype=float)
    n, size = A.shape
    rng = np.random.default_rng(0)
    patterns = {tuple(row) for row in (rng.standard_normal((4000, size)) @ A.T >= 0).tolist()}
    equal, signs = [], []
    for pattern, sign in product(sorted(patterns), (1, -1)):
        D = np.array(pattern, dtype=float)
        block = sign * D[:, None] * A
        equal += [block, -block]
        cone = (1 - 2 * D)[:, None] * A
        signs.append(np.hstack((cone, -cone)))
    count = len(signs)
    upper = np.zeros((count * n, 2 * size * count))
    for k, cone in enumerate(signs):
        upper[k * n : (k + 1) * n, 2 * size * k : 2 * size * (k + 1)] = cone
    cost = np.ones(upper.shape[1])
    found = linprog(cost, upper, np.zeros(len(upper)), np.hstack(equal), y, (0, None))
    return float(found.fun)


def test_a_ramp_needs_one_weight() -> None:
    best = sparse.sparsest_network([[-1], [0], [1], [2]], [0, 0, 1, 2])
    assert (best.count, best.network.num_neurons) == (1, 1)
    assert sparse.sparsest_network([[1, 2]], [0]).count == 0
    # The constant is one neuron with only a bias.
    assert sparse.sparsest_network([[0, 0], [1, 0], [0, 1]], [2, 2, 2]).count == 1


def test_exclusive_or_in_the_plane() -> None:
    X, y = [[0, 0], [1, 0], [0, 1], [1, 1]], [0, 1, 1, 0]
    best = sparse.sparsest_network(X, y)
    assert fits(best.network, X, y)
    assert best.check()
    assert best.count == 4


@given(data())
@settings(max_examples=15)
def test_sparsest_networks_against_the_vertices(problem: tuple) -> None:
    X, y = problem
    best = sparse.sparsest_network(X, y)
    assert fits(best.network, X, y)
    assert len(weights_of(best.network)) == best.count
    assert best.check()
    vertices = _vertices(atoms_of(read_dictionary(X, y, full=True)), 10**6)
    assert best.count == min(sum(q != 0 for _, w in v for q in w) for v in vertices)
    assert best.count <= 8 * len(X)
    assert best.network.num_neurons <= len(X)


@given(data())
@example(([[0], [2], [-2], [1]], [1, 0, 1, 1]))
@settings(max_examples=15)
def test_least_norms(problem: tuple) -> None:
    X, y = problem
    best = sparse.minimal_l1(X, y)
    assert best.check()
    assert fits(best.network, X, y)
    assert sum(map(abs, weights_of(best.network))) == best.value
    assert abs(float(best.value) - best_norm(X, y)) < 1e-6


@given(data(((1, 2), (1, 3), (2, 2))), st.sampled_from([F(1, 2), F(1, 3), F(4, 5)]))
@settings(max_examples=15)
def test_powers(problem: tuple, p: Fraction) -> None:
    X, y = problem
    best = sparse.minimal_lp(X, y, p)
    assert fits(best.network, X, y)
    cost = sum(float(abs(q)) ** float(p) for q in weights_of(best.network))
    assert abs(cost - float(best.cost)) < 1e-9
    heuristic = sparse.reweighted(X, y, p)
    assert fits(heuristic.network, X, y)
    assert not heuristic.cost < best.cost
    assert (best.is_optimal, heuristic.is_optimal) == (True, False)


@given(data(((1, 2), (1, 3), (2, 2))))
@settings(max_examples=15)
def test_small_powers_are_sparsest(problem: tuple) -> None:
    X, y = problem
    threshold = sparse.power_threshold(X, y)
    below = F(float(threshold) / 2).limit_denominator(50)
    least = sparse.sparsest_network(X, y).count
    if 0 < below < float(threshold):
        assert len(weights_of(sparse.minimal_lp(X, y, below).network)) == least


@given(data())
@settings(max_examples=15)
def test_the_number_of_patterns(problem: tuple) -> None:
    """J <= 2 sum_{k <= d} C(N - 1, k), and every group has one pattern on its rays."""
    X, y = problem
    groups = read_dictionary(X, y, full=True).groups
    patterns = {
        tuple(any(column[i] for column in group.columns) for i in range(len(X))) for group in groups
    }
    assert len(patterns) <= bounds.central_arrangement(len(X), len(X[0]) + 1)


@given(st.lists(st.lists(st.integers(-3, 3), min_size=3, max_size=3), max_size=6))
def test_farkas_vectors(columns: list) -> None:
    from relu_theory.exact.farkas import nonnegative_combination

    target = (1, -2, 3)
    q = farkas_vector([tuple(c) for c in columns], target)
    if q is None:
        assert nonnegative_combination(columns, target) is not None
    else:
        assert sum(a * b for a, b in zip(q, target, strict=True)) > 0
        assert all(sum(a * b for a, b in zip(q, c, strict=True)) <= 0 for c in columns)


def altered(node: Node) -> list[Node]:
    """Proofs with one fault each."""
    (item, child), *rest = node.children
    return [
        replace(node, children=tuple(rest)),
        replace(node, vector=tuple(-q for q in node.vector)),
        replace(node, vector=(0,) * len(node.vector)),
        replace(node, children=((item, replace(child, vector=node.vector)), *rest)),
    ]


def test_altered_proofs_are_refused() -> None:
    best = sparse.sparsest_network([[-2], [0], [1], [3]], [1, 0, 2, -1])
    assert best.check()
    for proof in altered(best.proof):
        with pytest.raises(CertificateError):
            replace(best, proof=proof).check()
    with pytest.raises(CertificateError, match="more than"):
        replace(best, count=best.count - 1).check()
    with pytest.raises(CertificateError, match="not interpolate"):
        replace(best, network=best.network.scale(2)).check()
    with pytest.raises(CertificateError, match="no proof"):
        replace(best, proof=None).check()
    # The proof refutes one weight less, and no more than that.
    with pytest.raises(CertificateError):
        replace(best, count=best.count + 1).check()
    norm = sparse.minimal_l1([[-2], [0], [1], [3]], [1, 0, 2, -1])
    with pytest.raises(CertificateError):
        replace(norm, value=norm.value / 2).check()
    with pytest.raises(CertificateError):
        replace(norm, dual=tuple(2 * q for q in norm.dual)).check()


def test_fractions_scale() -> None:
    X, y = [[F(-1, 3)], [F(1, 2)], [F(5, 7)]], [F(1, 5), 0, F(2, 3)]
    for found in (
        sparse.sparsest_network(X, y),
        sparse.minimal_l1(X, y),
        sparse.minimal_lp(X, y, "1/2"),
        sparse.reweighted(X, y, "1/2"),
    ):
        assert fits(found.network, X, y)
    assert sparse.minimal_l1(X, y).check()
    assert abs(float(sparse.minimal_l1(X, y).value) - best_norm(np.array(X, float), y)) < 1e-7


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: sparse.sparsest_network([[0], [0]], [1, 2]), InvalidInput, "two labels"),
        (lambda: sparse.sparsest_network([[0]], [1, 2]), ShapeError, "X must have shape"),
        (lambda: sparse.minimal_l1([], []), ShapeError, "X must have shape"),
        (lambda: sparse.minimal_lp([[0]], [1], 1), InvalidInput, "strictly between"),
        (lambda: sparse.reweighted([[0]], [1], 0), InvalidInput, "strictly between"),
        (
            lambda: sparse.minimal_lp([[k] for k in range(9)], range(9), "1/2"),
            TooLarge,
            "max_bases",
        ),
        (
            lambda: sparse.sparsest_network([[0], [1], [2]], [1, -1, 1], max_nodes=2),
            TooLarge,
            "max_nodes",
        ),
    ],
)
def test_errors(call, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        call()


@pytest.mark.heavy
def test_six_points_in_the_plane() -> None:
    rng = np.random.default_rng(1)
    for _ in range(5):
        X = rng.permutation([[a, b] for a in range(-3, 4) for b in range(-3, 4)])[:6]
        y = rng.integers(-4, 5, 6)
        best = sparse.sparsest_network(X, y)
        assert best.check()
        assert best.count <= 6
