"""ReluNetwork against a plain evaluation in Fractions that shares nothing with it."""

import copy
import pickle
import time
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from relu_theory import ReluNetwork
from relu_theory.errors import InvalidInput, ShapeError
from tests import strategies as own

ABSOLUTE_VALUE = ([[[1], [-1]], [[1, 1]]], [[0, 0], [0]])


def table(net: ReluNetwork) -> list[tuple[list[list[Fraction]], list[Fraction]]]:
    """The layers as Fractions, by way of text."""
    data = net.to_dict()
    weights = [[list(map(Fraction, row)) for row in rows] for rows in data["weights"]]
    return list(zip(weights, [list(map(Fraction, b)) for b in data["biases"]], strict=True))


def plain_trace(net: ReluNetwork, x: list[Fraction]) -> list[list[Fraction]]:
    trace = []
    for rows, bias in table(net):
        trace.append(
            [
                sum(a * v for a, v in zip(r, x, strict=True)) + b
                for r, b in zip(rows, bias, strict=True)
            ]
        )
        x = [max(v, Fraction(0)) for v in trace[-1]]
    return trace


@given(own.networks(), st.data())
def test_exact_values(net: ReluNetwork, data: st.DataObject) -> None:
    x = data.draw(own.points(net.input_dim))
    *hidden, output = plain_trace(net, x)
    assert net.forward_exact(x) == tuple(output)
    assert net.preactivations_exact(x) == [tuple(layer) for layer in hidden]
    assert net.pattern(x) == tuple(tuple(v > 0 for v in layer) for layer in hidden)


@given(own.networks(), st.data())
def test_float_values(net: ReluNetwork, data: st.DataObject) -> None:
    xs = data.draw(st.lists(own.points(net.input_dim), min_size=1, max_size=3))
    floats = np.array(xs, dtype=float)
    expected = [plain_trace(net, x) for x in xs]
    np.testing.assert_allclose(
        net.forward(floats), [np.array(t[-1], dtype=float) for t in expected], atol=1e-9
    )
    np.testing.assert_array_equal(net(floats[0]).shape, (net.output_dim,))
    for i, values in enumerate(net.preactivations(floats[0])):
        np.testing.assert_allclose(values, np.array(expected[0][i], dtype=float), atol=1e-9)


@given(own.networks(), st.data())
def test_affine_map_of_the_pattern_is_the_network(net: ReluNetwork, data: st.DataObject) -> None:
    x = data.draw(own.points(net.input_dim))
    A, c = net.affine_map(net.pattern(x))
    assert A.shape == (net.output_dim, net.input_dim)
    assert all(type(v) is Fraction for v in [*A.ravel(), *c])
    assert tuple(A @ np.array(x, dtype=object) + c) == net.forward_exact(x)
    A_float, c_float = net.affine_map_float(net.pattern(x))
    np.testing.assert_allclose(A_float, A.astype(float), atol=1e-9)
    np.testing.assert_allclose(c_float, c.astype(float), atol=1e-9)


def test_affine_map_of_a_pattern_that_is_not_realised() -> None:
    A, c = ReluNetwork(*ABSOLUTE_VALUE).affine_map([[1, 1]])
    assert (A.tolist(), c.tolist()) == ([[0]], [0])


def test_a_neuron_at_zero_is_inactive() -> None:
    assert ReluNetwork(*ABSOLUTE_VALUE).pattern([0]) == ((False, False),)


def test_pattern_is_decided_exactly() -> None:
    net = ReluNetwork([[["1/3"]], [[1]]], [["-1/9"], [0]])
    third = Fraction(1, 3)
    assert net.pattern([third]) == ((False,),)
    assert net.pattern([third + Fraction(1, 10**40)]) == ((True,),)


def test_sizes() -> None:
    net = ReluNetwork(
        [np.ones((3, 2)), np.ones((1, 3)), np.ones((4, 1))], [np.ones(3), [1], [0] * 4]
    )
    assert (net.input_dim, net.output_dim, net.widths) == (2, 4, (3, 1))
    assert (net.depth, net.num_neurons) == (2, 4)
    affine = ReluNetwork([[[1, 2]]], [[3]])
    assert (affine.widths, affine.depth, affine.num_neurons, affine.pattern([1, 1])) == (
        (),
        0,
        0,
        (),
    )
    assert affine.forward_exact([1, 1]) == (6,)


@pytest.mark.parametrize(
    ("weight", "exact", "value"),
    [
        ([[1]], True, "1"),
        ([["1/3"]], False, "1/3"),
        ([[Fraction(3, 4)]], True, "3/4"),
        ([[sympy.Rational(2, 3)]], False, "2/3"),
        (np.array([[0.1]]), True, "3602879701896397/36028797018963968"),
        (np.array([[0.1]], dtype=np.float32), True, "13421773/134217728"),
        (np.array([[7]], dtype=np.uint8), True, "7"),
        (np.array([[2**53 + 1]]), False, str(2**53 + 1)),
        ([[2**53 + 1]], False, str(2**53 + 1)),
        ([[2**53 + 1, 0.5]], False, str(2**53 + 1)),
        (np.array([[-(2**63)]]), True, str(-(2**63))),
        ([[10**400]], False, str(10**400)),
        ([["1e-400"]], False, "1/1" + "0" * 400),
        (np.array([["1/2"]]), True, "1/2"),
        (np.array([[Fraction(1, 3)]], dtype=object), False, "1/3"),
    ],
)
def test_weights_of_every_type(weight: object, exact: bool, value: str) -> None:
    net = ReluNetwork([weight], [[0]])
    assert net.float_exact is exact
    assert net.to_dict()["weights"][0][0][0] == value
    assert str(net.exact.weights[0][0, 0]) == value
    assert net.weights[0].dtype == np.float64


def test_arrays_are_copied_and_read_only() -> None:
    weight, bias = np.ones((1, 1)), np.ones(1)
    net = ReluNetwork([weight], [bias])
    weight[0, 0] = bias[0] = 5
    assert net.forward_exact([1]) == (2,)
    with pytest.raises(ValueError, match="read-only"):
        net.weights[0][0, 0] = 2
    with pytest.raises(ValueError, match="read-only"):
        net.biases[0][0] = 2


def test_frozen() -> None:
    net = ReluNetwork(*ABSOLUTE_VALUE)
    with pytest.raises(AttributeError, match="frozen"):
        net.weights = ()
    with pytest.raises(AttributeError, match="frozen"):
        del net._layers


@given(own.networks())
def test_copies_are_equal(net: ReluNetwork) -> None:
    copies = [
        pickle.loads(pickle.dumps(net)),
        copy.deepcopy(net),
        eval(repr(net), {"ReluNetwork": ReluNetwork}),
        ReluNetwork(*map(list, zip(*table(net), strict=True))),
    ]
    for other in copies:
        assert other == net
        assert hash(other) == hash(net)
        assert other.float_exact == net.float_exact


def test_equality_is_exact() -> None:
    assert ReluNetwork([[["1/3"]]], [[0]]) != ReluNetwork([[[1 / 3]]], [[0]])
    assert ReluNetwork([[["1/3"]]], [[0]]) != ReluNetwork([[["1/3"]]], [["1e-400"]])
    negative_zero = ReluNetwork([np.array([[-0.0]])], [np.zeros(1)])
    assert negative_zero == ReluNetwork([[[0]]], [[0]])
    assert hash(negative_zero) == hash(ReluNetwork([[[0]]], [[0]]))
    assert ReluNetwork([[[1]]], [[0]]) != "a network"


def test_large_networks_print_their_sizes() -> None:
    net = ReluNetwork([np.ones((50, 5)), np.ones((1, 50))], [np.ones(50), np.ones(1)])
    assert repr(net) == "<ReluNetwork 5 -> 50 -> 1>"


def test_construction_from_floats_builds_no_rationals() -> None:
    rng = np.random.default_rng(0)
    sizes = [2, 64, 64, 64, 1]
    weights = [rng.normal(size=(b, a)) for a, b in pairwise(sizes)]
    biases = [rng.normal(size=b) for b in sizes[1:]]

    def seconds() -> float:
        start = time.perf_counter()
        ReluNetwork(weights, biases)
        return time.perf_counter() - start

    assert min(seconds() for _ in range(20)) < 1e-3


@pytest.mark.parametrize(
    ("weights", "biases", "error", "message"),
    [
        (
            [np.ones((4, 2)), np.ones((1, 3))],
            [np.ones(4), np.ones(1)],
            ShapeError,
            r"weights\[1\] has 3 columns but layer 0 has 4 outputs",
        ),
        ([[[1]]], [[1, 2]], ShapeError, r"biases\[0\] has 2 entries but weights\[0\] has 1 rows"),
        ([[[1], [2, 3]]], [[1, 2]], ShapeError, r"weights\[0\] must have rows of one length"),
        ([[[1]]], [], ShapeError, "got 1 and 0"),
        ([], [], ShapeError, "weights is empty"),
        ([np.zeros((0, 2))], [np.zeros(0)], ShapeError, r"weights\[0\] has zero rows"),
        ([[[1]], []], [[0], []], ShapeError, r"weights\[1\] has zero rows"),
        ([np.ones(3)], [np.ones(3)], ShapeError, r"weights\[0\] must have 2 axes"),
        ([np.ones((1, 1))], [np.ones((1, 1))], ShapeError, r"biases\[0\] must have 1 axis"),
        ([[1, 2]], [[1]], ShapeError, r"weights\[0\]\[0\] must be a sequence"),
        ([[[1]]], [1], ShapeError, r"biases\[0\] must be a sequence"),
        (3, [], InvalidInput, "weights must be a list"),
        ([[[1]]], None, InvalidInput, "biases must be a list"),
        ([np.array([[1, np.nan]])], [[0]], InvalidInput, r"weights\[0\]\[0, 1\] is nan"),
        ([np.ones((1, 1))], [np.array([-np.inf])], InvalidInput, r"biases\[0\]\[0\] is -inf"),
        ([np.array([[np.inf]], np.float32)], [[0]], InvalidInput, r"weights\[0\]\[0, 0\] is inf"),
        ([[[1]], [[float("nan")]]], [[0], [0]], InvalidInput, r"weights\[1\]\[0\]\[0\]: .*nan"),
        ([np.array([[True]])], [[0]], InvalidInput, "boolean"),
        ([np.array([[1j]])], [[0]], InvalidInput, "complex"),
        ([[["x"]]], [[0]], InvalidInput, "'x'"),
    ],
)
def test_bad_networks(weights: object, biases: object, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        ReluNetwork(weights, biases)


@pytest.mark.parametrize("pattern", [(), [[True]], [[True, False], []], [[True] * 3]])
def test_patterns_of_the_wrong_length(pattern: list) -> None:
    net = ReluNetwork(*ABSOLUTE_VALUE)
    for ask in (net.affine_map, net.affine_map_float):
        with pytest.raises(ShapeError, match=r"one entry per neuron, \(2,\) by layer"):
            ask(pattern)


def test_patterns_that_are_none() -> None:
    net = ReluNetwork(*ABSOLUTE_VALUE)
    with pytest.raises(ShapeError, match="list of lists"):
        net.affine_map([True, False])
    with pytest.raises(InvalidInput, match="booleans"):
        net.affine_map([[0.5, 1]])


def test_points_of_the_wrong_length() -> None:
    net = ReluNetwork(*ABSOLUTE_VALUE)
    for ask in (net.forward_exact, net.pattern, net.preactivations_exact):
        with pytest.raises(ShapeError, match="x must have 1 entries, got 2"):
            ask([1, 2])
    for ask in (net.forward, net.preactivations):
        with pytest.raises(ShapeError, match=r"x must have shape \(1,\) or \(m, 1\)"):
            ask([1, 2])
    with pytest.raises(InvalidInput, match=r"x\[0\]"):
        net.pattern([float("nan")])
