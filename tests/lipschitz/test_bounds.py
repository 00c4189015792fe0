"""Bounds: published values, labels, and no upper bound below a true gradient."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import Ball, Box, ReluNetwork, families, lipschitz
from relu_theory.errors import InvalidInput, TooLarge
from relu_theory.lipschitz.multipliers import Layered, backward_multipliers, round_up_root
from tests.strategies import boxes, networks

INF = math.inf
CLOSED = ("product", "interval", "eclipse-fast", "lipsdp-first-order")
CONIC = ("eclipse", "lipsdp-layer", "lipsdp-neuron")
# product, Fast, ECLipsE, layer, neuron.
TABLE = {
    ("a", 0): (11.24, 4.764, 2.563, 3.455, 2.136),
    ("b", 0): (4.507, 2.835, 1.719, 2.259, 1.572),
    ("b", 1): (2.143, 1.258, 0.781, 0.955, 0.724),
    ("b", 2): (4.636, 2.856, 2.079, 2.464, 2.018),
    ("c", 0): (4.146, 2.347, 1.539, 1.772, 1.492),
}
MORE = {
    ("a", 1): (9.464, 4.369, 2.407, 3.256, 1.991),
    ("a", 2): (10.86, 5.833, 4.026, 5.224, 3.739),
    ("c", 1): (5.003, 2.906, 1.931, 2.238, 1.597),
    ("c", 2): (4.978, 2.891, 1.982, 2.201, 1.683),
}
SHAPES = {"a": (2, [16] * 3, 1), "b": (4, [12, 12], 1), "c": (10, [20, 20], 2),
          "d": (64, [128] * 3, 10)}


def named(name: str, seed: int) -> ReluNetwork:
    inputs, widths, outputs = SHAPES[name]
    return families.gaussian(inputs, widths, seed, outputs)


def check_row(key: tuple[str, int], row: tuple[float, ...]) -> None:
    net = named(*key)
    for method, wanted in zip(("product", "eclipse-fast"), row[:2], strict=True):
        rounding = 6e-3 if wanted > 10 else 6e-4
        assert float(lipschitz.bound(net, method)) == pytest.approx(wanted, abs=rounding)
    for method, wanted in zip(CONIC, row[2:], strict=True):
        assert float(lipschitz.bound(net, method)) == pytest.approx(wanted, abs=1e-3)


def test_published_values() -> None:
    check_row(("b", 0), TABLE["b", 0])


@pytest.mark.heavy
@pytest.mark.parametrize("key", [*TABLE, *MORE], ids=lambda key: f"{key[0]}{key[1]}")
def test_all_published_values(key: tuple[str, int]) -> None:
    check_row(key, {**TABLE, **MORE}[key])


def test_the_first_order_bound_of_hundreds_of_neurons() -> None:
    found = lipschitz.bound(named("d", 0))
    assert 1.3 < float(found) <= 3.02
    assert found.label == "upper"


def test_seqlip_is_an_estimate() -> None:
    found = lipschitz.bound(named("b", 0), "seqlip")
    assert found.label == "estimate"
    assert found.details["complete"]
    assert f"{float(found):.3f}" == "2.631"
    assert f"{float(lipschitz.bound(named('b', 1), 'seqlip')):.3f}" == "1.045"
    greedy = lipschitz.bound(named("c", 0), "seqlip")
    assert not greedy.details["complete"]
    assert f"{float(greedy):.3f}" == "1.857"


def check_sound(net: ReluNetwork, domain: Box | None, methods: tuple[str, ...]) -> None:
    """No bound is below the exact constant of the same domain."""
    true = lipschitz.exact(net, domain)
    for method in methods:
        upper = lipschitz.bound(net, method, domain).upper
        assert true.value <= _exactly(upper), (method, float(true), upper)
    for p, q in ((1, 1), (INF, INF), (1, INF)):
        value = lipschitz.exact(net, domain, p, q).value
        for method in ("product", "interval"):
            assert value <= _exactly(lipschitz.bound(net, method, domain, p, q).upper)


def _exactly(x: float) -> object:
    from fractions import Fraction

    return Fraction(10) ** 400 if x == INF else Fraction(x)


@settings(max_examples=40)
@given(st.data())
def test_no_bound_is_below_the_exact_constant(data: st.DataObject) -> None:
    net = data.draw(networks(2, max_width=4))
    check_sound(net, data.draw(st.one_of(st.none(), boxes(2, flat=False))), CLOSED)


def adversarial(seed: int, most: int = 6) -> tuple[ReluNetwork, Box | None]:
    """Random, scaled, integer and degenerate networks, on a box or everywhere."""
    rng = np.random.default_rng(seed)
    inputs, depth = int(rng.integers(1, 3)), int(rng.integers(1, 4))
    sizes = [inputs, *(int(rng.integers(1, most // depth + 2)) for _ in range(depth)),
             int(rng.integers(1, 3))]
    weights, biases = [], []
    for a, b in pairwise(sizes):
        kind = rng.integers(5)
        weight = rng.standard_normal((b, a))
        if kind == 1:
            weight = rng.integers(-2, 3, (b, a)).astype(float)
        elif kind == 2:
            weight = np.outer(rng.standard_normal(b), rng.standard_normal(a))
        elif kind == 3:
            weight *= rng.random((b, a)) < 0.4
        weights.append(weight * float(rng.choice([1.0, 1.0, 10.0, 1e-3, 2.0**40])))
        biases.append(rng.standard_normal(b) * float(rng.choice([0.0, 0.1, 1.0])))
    domain = None if rng.random() < 0.5 else Box(-1, float(rng.choice([0, 1])), dim=inputs)
    return ReluNetwork(weights, biases), domain


@pytest.mark.parametrize("seed", range(25))
def test_adversarial_networks(seed: int) -> None:
    check_sound(*adversarial(seed), CLOSED)


@pytest.mark.heavy
def test_ten_thousand_adversarial_networks() -> None:
    for seed in range(10_000):
        check_sound(*adversarial(seed), CLOSED)


@pytest.mark.heavy
def test_semidefinite_bounds_of_three_hundred_networks() -> None:
    for seed in range(300):
        check_sound(*adversarial(seed, 10), CONIC)


def test_local_bounds_fix_neurons() -> None:
    net = named("a", 0)
    small = Box(["0.30", "0.30"], ["0.31", "0.31"])
    for method in ("interval", "eclipse-fast", "lipsdp-first-order"):
        local, everywhere = lipschitz.bound(net, method, small), lipschitz.bound(net, method)
        assert local.details["fixed"] > 0
        assert local.upper < everywhere.upper
    exact = lipschitz.exact(net, small)
    assert float(exact) <= lipschitz.bound(net, domain=small).upper
    ball = lipschitz.bound(net, domain=Ball(["0.305", "0.305"], "0.005"))
    assert ball.upper < lipschitz.bound(net).upper


def test_layer_scales_are_respected() -> None:
    """A published implementation lost the scale of the first layer."""
    net = named("b", 0)
    larger = ReluNetwork([net.weights[0] * 16, *net.weights[1:]], net.biases)
    for method in ("eclipse-fast", "lipsdp-first-order", "product"):
        one, other = lipschitz.bound(net, method).upper, lipschitz.bound(larger, method).upper
        assert other == pytest.approx(16 * one, rel=1e-6)


def test_a_proof_fails_below_the_constant() -> None:
    net = ReluNetwork([[[3, 4]], [[2]]], [[0], [0]])
    layered = Layered(net)
    state = np.zeros(1, np.int64)
    t = backward_multipliers(layered, state)
    rho = layered.evaluate(state, t).rho
    assert layered.proves(state, t, rho * (1 + 1e-9))
    assert not layered.proves(state, t, rho * (1 - 1e-9))
    assert not layered.proves(state, t, math.nan)
    assert round_up_root(2.0) ** 2 >= 2.0
    assert round_up_root(math.inf) == math.inf


def test_sampling_is_a_proved_lower_bound() -> None:
    net = named("b", 0)
    found = lipschitz.bound(net, "sampling", Box(-1, 1, dim=4), samples=200)
    assert found.label == "lower"
    assert found.check(net)
    assert 0 < float(found) <= float(lipschitz.exact(net, Box(-1, 1, dim=4)))


def test_bad_input() -> None:
    net = named("b", 0)
    with pytest.raises(InvalidInput, match="lipsdp-network"):
        lipschitz.bound(net, "lipsdp-network")
    with pytest.raises(InvalidInput, match="l_2 to l_2 only"):
        lipschitz.bound(net, "eclipse", None, 1, 1)
    with pytest.raises(InvalidInput, match="unknown options"):
        lipschitz.bound(net, "product", rounds=3)
    with pytest.raises(InvalidInput, match="samples"):
        lipschitz.bound(net, "sampling", samples=-1)
    with pytest.raises(InvalidInput, match="radius"):
        lipschitz.bound(net, "product", Ball([0] * 4, 0))
    with pytest.raises(TooLarge, match="first-order"):
        lipschitz.bound(named("d", 0), "lipsdp-neuron")


def test_a_layer_of_zeros_is_no_obstacle_to_the_programs() -> None:
    net = ReluNetwork([[[1.0], [2.0]], [[0.0, 0.0]], [[1.0]]], [[0, 0], [1], [0]])
    assert lipschitz.exact(net).value == 0
    for method in CONIC:
        assert 0 <= float(lipschitz.bound(net, method)) < 1e-3
