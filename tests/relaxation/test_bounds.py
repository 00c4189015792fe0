"""Bounds of all relaxations: known values, definitions one by one, the true range, certificates."""

import copy
import json
import subprocess
import sys
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import Box, Polytope, ReluNetwork, WholeSpace, regions, relaxation
from relu_theory.errors import CertificateError, InvalidInput, ShapeError, TooLarge
from relu_theory.relaxation import METHODS, bounds, check_bounds
from tests.relaxation import oracle
from tests.strategies import boxes, networks

LINEAR = ("ibp", "deeppoly0", "deeppoly1", "crown")
SQUARE = Box(0, 1, dim=2)
MAX = ReluNetwork([[[1, -1], [0, 1], [0, -1]], [[1, 1, -1]]], [[0, 0, 0], [0]])
RAMP = ReluNetwork([[[1]], [[-1]], [[-1]]], [[0], [1], [1]])


def gaussian(sizes, seed):
    rng = np.random.default_rng(seed)
    pairs = [
        (rng.standard_normal((b, a)) / np.sqrt(a), 0.1 * rng.standard_normal(b))
        for a, b in pairwise(sizes)
    ]
    return ReluNetwork(*map(list, zip(*pairs, strict=True)))


A = [gaussian([2, 16, 16, 16, 1], seed) for seed in range(3)]
B = [gaussian([5, 20, 20, 1], seed) for seed in range(3)]
# Published by other tools to four decimals: widths of the bounds on [-1, 1]^d.
REFERENCE = {
    "ibp": [(-4.6513, 3.0330), (-3.3313, 3.5321), (-5.4436, 3.1667),
            (-3.9429, 4.2401), (-3.3444, 4.0038), (-5.4062, 1.9329)],
    "crown": [(-2.7715, 1.8336), (-1.5298, 1.2734), (-3.5568, 2.7747),
              (-3.0799, 3.4413), (-2.3477, 3.0696), (-3.1986, 1.4993)],
    "deeppoly0": [(-1.8595, 1.2035), (-1.2042, 1.2595), (-2.0309, 1.3758),
                  (-1.8849, 2.0186), (-1.7815, 1.7346), (-2.8903, 1.0402)],
    "deeppoly1": [(-4.1012, 3.4426), (-3.5263, 3.7357), (-7.6413, 6.4945),
                  (-3.9695, 4.8294), (-3.3431, 3.8153), (-4.9085, 3.8982)],
    "triangle": [(-0.9299, 0.6578), (-0.8375, 0.6721), (-1.3567, 0.6310),
                 (-1.4988, 1.5823), (-1.4098, 1.3772), (-2.0914, 0.7474)],
}  # fmt: skip


@pytest.mark.parametrize("method", REFERENCE)
def test_reference_networks(method):
    for net, expected in zip(A + B, REFERENCE[method], strict=True):
        found = bounds(net, Box(-1, 1, dim=net.input_dim), method)
        assert found.precision == (None if method == "ibp" else 64)
        ends = float(found.lower[0]), float(found.upper[0])
        assert np.abs(np.subtract(ends, expected)).max() < 5.1e-5
        if method != "triangle":
            outer = bounds(net, Box(-1, 1, dim=net.input_dim), method, arithmetic="float")
            slack = found.lower[0] - Fraction(outer.lower[0]), outer.upper[0] - found.upper[0]
            assert all(-1e-11 < s < 1e-11 for s in slack)


C = [gaussian([10, 50, 50, 50, 1], seed) for seed in range(3)]
WIDE = {
    "ibp": [(-5.0753, 4.7693), (-2.7918, 5.5029), (-5.6821, 4.8776)],
    "crown": [(-1.0691, 0.8568), (-0.4888, 0.9344), (-1.1949, 1.1362)],
    "deeppoly0": [(-1.1796, 1.2289), (-0.7252, 1.4064), (-1.4146, 1.2959)],
    "deeppoly1": [(-2.4443, 2.2475), (-1.6991, 2.1772), (-2.5956, 2.7271)],
    "triangle": [(-0.6639, 0.6130), (-0.3507, 0.6622), (-0.7728, 0.7809)],
    "triangle, crown": [(-0.8803, 0.8049), (-0.4534, 0.8639), (-1.0524, 0.9894)],
}
ATTAINED = [(-0.047878, 0.072236), (-0.023418, 0.086639), (0.011665, 0.152284)]


@pytest.mark.parametrize("way", WIDE)
def test_wide_reference_networks(way):
    method, *inside = way.split(", ")
    for net, expected, attained in zip(C, WIDE[way], ATTAINED, strict=True):
        kind = {"intermediate": inside[0]} if inside else {}
        if method in LINEAR:
            kind["arithmetic"] = "float"
        found = bounds(net, Box("-1/10", "1/10", dim=10), method, **kind)
        ends = float(found.lower[0]), float(found.upper[0])
        assert np.abs(np.subtract(ends, expected)).max() < 5.1e-5
        assert ends[0] < attained[0] < attained[1] < ends[1]


def test_reference_networks_with_linear_bounds_inside():
    """The published ones take the better of both bounds once; here it is carried on."""
    published = [(-2.0783, 1.3119), (-1.3041, 1.0830), (-2.8779, 1.5888),
                 (-2.1662, 2.0610), (-1.8001, 1.9192), (-2.8650, 1.0017)]  # fmt: skip
    for net, expected in zip(A + B, published, strict=True):
        box = Box(-1, 1, dim=net.input_dim)
        found = bounds(net, box, "triangle", intermediate="crown")
        tight = bounds(net, box, "triangle")
        assert found.certificate().check(net, box)
        assert expected[0] - 5.1e-5 < found.lower[0] < tight.lower[0]
        assert tight.upper[0] < found.upper[0] < expected[1] + 5.1e-5
        if net.depth == 2:
            ends = float(found.lower[0]), float(found.upper[0])
            assert np.abs(np.subtract(ends, expected)).max() < 5.1e-5


def test_optimised_slopes_in_floats_do_not_reach_the_triangle():
    """Published bounds of alpha-CROWN after 100 steps, in single precision."""
    published = [(-0.9479, 0.6668), (-0.8454, 0.6751), (-1.3679, 0.6489),
                 (-1.5032, 1.5850), (-1.4120, 1.3814), (-2.1012, 0.7543)]  # fmt: skip
    for net, (low, up) in zip(A + B, published, strict=True):
        found = bounds(net, Box(-1, 1, dim=net.input_dim), "triangle")
        assert low < found.lower[0] < found.upper[0] < up
        assert (up - low) / float(found.upper[0] - found.lower[0]) < 1.02


@pytest.mark.parametrize(
    "layers",
    [
        MAX,
        ReluNetwork([[[1, 0], [0, 1], [-1, 1]], [[1, 0, 1]]], [[0, 0, 0], [0]]),
        ReluNetwork(
            [[[1, 1], [1, -1], [-1, 1]], [["1/2", "1/2", "1/2"]]], [[0, 0, 0], [0]]
        ),
    ],
)  # fmt: skip
def test_the_maximum_is_three_halves_for_single_neurons(layers):
    found = bounds(layers, SQUARE, "triangle")
    assert (found.lower, found.upper) == ((0,), (Fraction(3, 2),))
    certificate = found.certificate()
    assert certificate.check(layers, SQUARE)
    assert all(layer["attained"] for layer in certificate.data["layers"])
    assert bounds(layers, SQUARE, "multineuron", group=1).upper == (1,)
    assert bounds(layers, SQUARE, "multineuron").upper == (1,)


def test_the_ramp_needs_the_lower_line_zero():
    box = Box(-1, 2, dim=1)
    assert bounds(RAMP, box, "deeppoly0").lower == (0,)
    assert bounds(RAMP, box, "deeppoly0").upper == (1,)
    found = bounds(RAMP, box, "deeppoly1")
    assert found.lower < (0,) or found.upper > (1,)


@pytest.mark.parametrize("height", [1, 7])
def test_layerwise_hulls_are_incomplete_without_bound(height):
    weights = [[[1], [-1]], [[1, -1], [-1, 1], [1, 1]], [[height, height, -height]]]
    net = ReluNetwork(weights, [[0, 0], [0, 0, 0], [0]])
    found = bounds(net, Box(-1, 1, dim=1), "multineuron")
    assert (found.lower, found.upper) == ((-height,), (0,))
    assert regions.output_range(net, Box(-1, 1, dim=1))[0][:2] == (0, 0)


def test_hulls_over_preactivations_forget_the_inputs():
    net = ReluNetwork([[[1, -1], [0, 1]], [[1, 1]]], [[0, 2], [-2]])
    assert bounds(net, SQUARE, "multineuron", group=1).upper == (1,)
    weaker = bounds(net, SQUARE, "multineuron", group=1, over="preactivations")
    assert weaker.upper == (Fraction(3, 2),) == bounds(net, SQUARE, "triangle").upper


@given(st.data(), st.integers(1, 3), st.sampled_from(LINEAR))
def test_definitions(data, dim, method):
    net, box = data.draw(networks(dim)), data.draw(boxes(dim))
    found = bounds(net, box, method, precision=None)
    expected = oracle.ibp(net, box) if method == "ibp" else oracle.deeppoly(net, box, method)
    ends = [*found.layers, (found.lower, found.upper)]
    assert [list(zip(*layer, strict=True)) for layer in ends] == expected
    assert found.certificate().check(net, box)


@settings(max_examples=25)
@given(st.data(), st.integers(1, 3))
def test_triangle_is_the_optimum(data, dim):
    net, box = data.draw(networks(dim, max_width=3)), data.draw(boxes(dim))
    found = bounds(net, box, "triangle", precision=None)
    expected = oracle.triangle(net, box)
    for layer, ends in zip(expected, [*found.layers, (found.lower, found.upper)], strict=True):
        exact = np.array(ends, dtype=float).T
        assert np.abs(exact - np.array(layer)).max() < 1e-6 * (1 + np.abs(exact).max())
    certificate = found.certificate()
    assert certificate.check(net, box)
    assert all(layer["attained"] for layer in certificate.data["layers"])
    coarse = bounds(net, box, "triangle", precision=40)
    assert coarse.certificate().check(net, box)
    for a, b, c, d in zip(coarse.lower, found.lower, found.upper, coarse.upper, strict=True):
        assert a <= b <= c <= d
        assert d - c + b - a < Fraction(1, 10**6) * (1 + abs(b) + abs(c))


@settings(max_examples=25)
@given(st.data(), st.integers(1, 3), st.sampled_from(LINEAR[1:]), st.sampled_from([None, 40]))
def test_linear_bounds_inside_the_triangle(data, dim, method, precision):
    net, box = data.draw(networks(dim, max_width=3)), data.draw(boxes(dim))
    found = bounds(net, box, "triangle", intermediate=method, precision=precision)
    assert found.certificate().check(net, box)
    linear, tight = bounds(net, box, method), bounds(net, box, "triangle")
    for low, up, a, b, c, d in zip(
        linear.lower, linear.upper, found.lower, found.upper, tight.lower, tight.upper, strict=True
    ):
        slack = Fraction(1, 10**6) * (1 + abs(low) + abs(up))
        assert low - slack <= a <= c + slack
        assert d - slack <= b <= up + slack


@pytest.mark.parametrize("seed", range(40))
def test_multipliers_of_a_lower_line_and_the_chord_together(seed):
    """In degenerate programs the solver may use both lines of a neuron; slopes use one."""
    rng = np.random.default_rng(seed)
    sizes = [1, 4, 4, 3, 1]
    net = ReluNetwork(
        [rng.integers(-2, 3, (b, a)) for a, b in pairwise(sizes)],
        [rng.integers(-2, 3, b) for b in sizes[1:]],
    )
    box = Box(["-7/4"], ["9/4"])
    exact, coarse = (bounds(net, box, "triangle", precision=p) for p in (None, 50))
    for (low, up), (a, b) in zip(exact.layers, coarse.layers, strict=True):
        assert max(c - d for c, d in zip((*low, *b), (*a, *up), strict=True)) < Fraction(1, 10**9)
    assert exact.certificate().check(net, box)


@settings(max_examples=40)
@given(st.data(), st.integers(1, 3), st.sampled_from(METHODS), st.booleans())
def test_no_true_value_is_excluded(data, dim, method, floats):
    net, box = data.draw(networks(dim, max_width=3)), data.draw(boxes(dim))
    floats = floats and method in LINEAR
    found = bounds(net, box, method, arithmetic="float" if floats else "exact")
    for low, up, true in zip(found.lower, found.upper, regions.output_range(net, box), strict=True):
        assert low <= true.minimum
        assert true.maximum <= up
    for share in (Fraction(0), Fraction(1, 3), Fraction(1)):
        x = [a + share * (b - a) for a, b in zip(box.lower, box.upper, strict=True)]
        for (low, up), values in zip(found.layers, net.preactivations_exact(x), strict=True):
            assert all(a <= v <= b for a, v, b in zip(low, values, up, strict=True))


@settings(max_examples=25)
@given(st.data(), st.integers(1, 2))
def test_the_order_of_the_relaxations(data, dim):
    net, box = data.draw(networks(dim, max_width=3)), data.draw(boxes(dim))
    widths = {
        m: [u - v for u, v in zip(b.upper, b.lower, strict=True)]
        for m in METHODS
        for b in [bounds(net, box, m)]
    }
    for tight, loose in [
        ("multineuron", "triangle"), ("triangle", "deeppoly0"), ("triangle", "deeppoly1"),
        ("triangle", "crown"), ("deeppoly0", "ibp"),
    ]:  # fmt: skip
        assert all(a <= b for a, b in zip(widths[tight], widths[loose], strict=True))


def mutated(data):
    """Copies of a certificate, each with one number of a claim, slope or chord made better."""
    for i, layer in enumerate(data["layers"]):
        for key, step in (("lower", 1), ("upper", -1)):
            other = copy.deepcopy(data)
            other["layers"][i][key][0] = str(Fraction(layer[key][0]) + Fraction(step, 10**9))
            yield other
    other = copy.deepcopy(data)
    other["layers"][0]["chords"][1][0] = str(
        Fraction(data["layers"][0]["chords"][1][0]) - Fraction(1, 10**9)
    )
    yield other
    other = copy.deepcopy(data)
    other["layers"][-1]["proof"][0][0][0] = "11/10"
    yield other
    other = copy.deepcopy(data)
    other["box"]["upper"][0] = "5/2"
    yield other
    other = copy.deepcopy(data)
    other["network"]["weights"][0][0][0] = "3"
    yield other
    other = copy.deepcopy(data)
    del other["layers"][-1]["proof"][0]
    yield other


@pytest.mark.parametrize("method", ["deeppoly0", "deeppoly1", "triangle"])
def test_mutated_certificates_are_refused(method):
    data = bounds(RAMP, Box(-1, 2, dim=1), method).certificate().data
    assert check_bounds.check(data)
    for other in mutated(data):
        with pytest.raises(CertificateError, match="refused"):
            relaxation.BoundsCertificate(other).check()


def test_points_are_checked():
    data = bounds(MAX, SQUARE, "triangle").certificate().data
    for place, value in (((1, 1, 0, 0), "2"), ((1, 1, 1, 0), "3/4"), ((1, 1, 0, 0), "1/2")):
        other = copy.deepcopy(data)
        layer, point, part, entry = place
        other["layers"][layer]["attained"][point][part][entry] = value
        with pytest.raises(CertificateError, match="refused"):
            relaxation.BoundsCertificate(other).check()


def test_certificates_are_about_one_question(tmp_path):
    certificate = bounds(MAX, SQUARE, "crown").certificate()
    with pytest.raises(CertificateError, match="another network"):
        certificate.check(MAX.scale(2))
    with pytest.raises(CertificateError, match="another box"):
        certificate.check(MAX, Box(0, 2, dim=2))
    certificate.save(tmp_path / "bounds.json")
    assert relaxation.BoundsCertificate.load(tmp_path / "bounds.json").data == certificate.data
    command = [sys.executable, "-I", check_bounds.__file__, str(tmp_path / "bounds.json")]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout == "['0'] ['3/2']\n"
    (tmp_path / "bounds.json").write_text("{")
    with pytest.raises(CertificateError, match="no JSON"):
        relaxation.BoundsCertificate.load(tmp_path / "bounds.json")


def test_large_certificates_hold():
    for method in ("crown", "triangle"):
        found = bounds(B[0], Box(-1, 1, dim=5), method)
        data = json.loads(json.dumps(found.certificate().data))
        assert relaxation.BoundsCertificate(data).check(B[0], Box(-1, 1, dim=5))


def test_specifications_and_polytopes():
    net = ReluNetwork([[[1], [-1]], [[1, 0], [0, 1]]], [[0, 0], [0, 0]])
    found = bounds(net, Box(-1, 1, dim=1), "triangle", specification=[[1, 1], [1, -1]])
    assert (found.lower, found.upper) == ((0, -1), (1, 1))
    simplex = Polytope([[-1, 0], [0, -1], [1, 1]], [0, 0, 1])
    assert bounds(MAX, simplex, "ibp") == bounds(MAX, SQUARE, "ibp")
    with pytest.raises(ShapeError, match=r"specification must have shape \(k, 1\)"):
        bounds(MAX, SQUARE, "ibp", specification=[[1, 2]])


@pytest.mark.parametrize("method", METHODS)
def test_points_and_affine_maps(method):
    point = Box(["1/3", "1/4"], ["1/3", "1/4"])
    found = bounds(MAX, point, method, precision=None)
    assert found.lower == found.upper == (Fraction(1, 3),)
    affine = ReluNetwork([[[1, -2]]], [[3]])
    assert bounds(affine, SQUARE, method).lower == (1,)
    assert bounds(affine, SQUARE, method).upper == (4,)


def test_bad_input():
    with pytest.raises(InvalidInput, match="method must be one of ibp"):
        bounds(MAX, SQUARE, "ipb")
    with pytest.raises(InvalidInput, match="arithmetic must be one of"):
        bounds(MAX, SQUARE, "ibp", arithmetic="f32")
    with pytest.raises(InvalidInput, match="domain must be bounded"):
        bounds(MAX, WholeSpace(2), "ibp")
    with pytest.raises(InvalidInput, match="domain must not be empty"):
        bounds(MAX, Polytope([[1, 0], [-1, 0]], [0, -1]), "ibp")
    with pytest.raises(ShapeError, match="domain has dimension 1"):
        bounds(MAX, Box(0, 1, dim=1), "ibp")
    with pytest.raises(InvalidInput, match="precision must be"):
        bounds(MAX, SQUARE, "triangle", precision=-1)
    with pytest.raises(InvalidInput, match="no float arithmetic"):
        bounds(MAX, SQUARE, "triangle", arithmetic="float")
    with pytest.raises(InvalidInput, match="group and over are for"):
        bounds(MAX, SQUARE, "triangle", group=2)
    with pytest.raises(InvalidInput, match="intermediate must be one of deeppoly0"):
        bounds(MAX, SQUARE, "triangle", intermediate="ibp")
    with pytest.raises(InvalidInput, match="intermediate is for"):
        bounds(MAX, SQUARE, "crown", intermediate="crown")
    with pytest.raises(InvalidInput, match="group must be"):
        bounds(MAX, SQUARE, "multineuron", group=0)
    with pytest.raises(InvalidInput, match="over must be"):
        bounds(MAX, SQUARE, "multineuron", over="outputs")
    with pytest.raises(InvalidInput, match="there is no certificate"):
        bounds(MAX, SQUARE, "ibp", arithmetic="float").certificate()
    for group in (2, None):
        with pytest.raises(TooLarge, match="dimension"):
            bounds(A[0], Box(-1, 1, dim=2), "multineuron", group=group)
