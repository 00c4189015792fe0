"""Training against the exact optimum: what it reaches, and that it reports what it has."""

import numpy as np
import pytest

from relu_theory import InvalidInput, ShapeError, sparse
from relu_theory.sparse.training import _gradients, _shrink, _start

PEAK = ([-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0])


def test_l1_reaches_the_exact_total_variation() -> None:
    optimum = float(sparse.interpolate(*PEAK, p=1).cost)
    (run,) = sparse.train(*PEAK, 1, epochs=8_000, strength=0.003, seeds=[2])
    assert run.error < 0.05
    assert abs(run.penalty - optimum) < 0.2


def test_the_report_is_about_the_network() -> None:
    runs = sparse.train(*PEAK, 0.7, epochs=500, seeds=[0, 1], width=20)
    for run in runs:
        values = run.network.forward(np.array(PEAK[0], dtype=float)[:, None])[:, 0]
        # What is left out is inactive.
        assert abs(np.abs(values - PEAK[1]).max() - run.error) < 1e-6
        products = np.abs(run.network.weights[1].T * run.network.weights[0])
        assert run.neurons == run.network.num_neurons == len(products)
        assert np.isclose((products**0.7).sum(), run.penalty)


def test_runs_do_not_depend_on_each_other() -> None:
    both = sparse.train(*PEAK, 0.5, epochs=100, seeds=[3, 4], width=6)
    alone = sparse.train(*PEAK, 0.5, epochs=100, seeds=[4], width=6)
    assert np.isclose(both[1].penalty, alone[0].penalty)


def test_the_gradient_is_that_of_the_error() -> None:
    state = _start(2, 5, [0], bias=True)
    rng = np.random.default_rng(1)
    X, y = rng.standard_normal((4, 2)), rng.standard_normal(4)

    def error() -> float:
        hidden = np.maximum(state.w[0] @ X.T + state.b[0][:, None], 0)
        return float(((state.v[0] @ hidden - y) ** 2).mean())

    gradients = _gradients(state, X, y)
    for array, gradient in zip((state.v, state.w, state.b), gradients, strict=True):
        index = tuple(0 for _ in array.shape)
        before = error()
        array[index] += 1e-7
        assert abs((error() - before) / 1e-7 - gradient[index]) < 1e-5
        array[index] -= 1e-7


def test_the_threshold_moves_products_towards_zero() -> None:
    state = _start(3, 4, [0], bias=True)
    before = state.v[:, :, None] * state.w
    _shrink(state, 0.01, 1)
    after = state.v[:, :, None] * state.w
    assert np.allclose(after, np.sign(before) * np.maximum(np.abs(before) - 0.01, 0))
    assert np.allclose(np.abs(state.v), np.sqrt((state.w**2).sum(axis=2)))


def test_the_published_threshold() -> None:
    """From the products before the step; the free bias stays, so that a break moves."""
    state = _start(3, 4, [0], bias=True)
    before = state.v[:, :, None] * state.w
    bias = state.b.copy()
    weighing = before * 4
    _shrink(state, 0.01, 0.5, weighing, rescale=False)
    after = state.v[:, :, None] * state.w
    limits = 0.01 / np.sqrt(np.abs(weighing))
    assert np.allclose(after, np.sign(before) * np.maximum(np.abs(before) - limits, 0), atol=1e-7)
    assert np.array_equal(state.b, bias)


def test_the_published_start_has_no_threshold() -> None:
    """The variants agree with no penalty at all for five steps, and with nothing after."""
    plain = sparse.train(*PEAK, 0.5, epochs=5, strength=1e-300, width=6, variant="published")[0]
    strong = sparse.train(*PEAK, 0.5, epochs=5, strength=10, width=6, variant="published")[0]
    assert np.isclose(plain.penalty, strong.penalty)
    later = sparse.train(*PEAK, 0.5, epochs=6, strength=10, width=6, variant="published")[0]
    assert later.neurons < strong.neurons
    with pytest.raises(InvalidInput, match="variant must be one of balanced, published"):
        sparse.train(*PEAK, 0.5, variant="best")


def test_penalised_bias() -> None:
    X = np.random.default_rng(0).uniform(-1, 1, (4, 3))
    (run,) = sparse.train(X, [1, -1, 0, 1], 0.5, epochs=50, width=8, penalise_bias=True)
    assert run.network.input_dim == 3
    assert run.weights <= 8 * 4


@pytest.mark.parametrize(
    ("arguments", "options", "error"),
    [
        (([0, 1], [0], 0.5), {}, ShapeError),
        (([0, np.nan], [0, 1], 0.5), {}, InvalidInput),
        (([0, 1], [0, 1], 0), {}, InvalidInput),
        (([0, 1], [0, 1], 0.5), {"width": 0}, InvalidInput),
    ],
)
def test_errors(arguments: tuple, options: dict, error: type) -> None:
    with pytest.raises(error):
        sparse.train(*arguments, **options)


@pytest.mark.heavy
def test_peak_and_plateau_over_ten_seeds() -> None:
    """With the parameters of the paper some runs reach the exact optimum of 3 neurons."""
    optimum = float(sparse.interpolate(*PEAK, "2/5").cost)
    runs = sparse.train(*PEAK, 0.4, seeds=range(10))
    reached = [run for run in runs if run.neurons == 3 and run.error < 0.01]
    assert len(reached) >= 2
    assert min(abs(run.penalty - optimum) for run in reached) < 0.01


@pytest.mark.heavy
@pytest.mark.parametrize("variant", ["balanced", "published"])
def test_every_power_reaches_three_neurons(variant: str) -> None:
    """Over ten starts, p = 0.7 and p = 1 do so too, and no p does from every start."""
    for p in (0.4, 0.7, 1):
        runs = sparse.train(*PEAK, p, seeds=range(10), variant=variant)
        reached = [run for run in runs if run.neurons == 3 and run.error < 0.05]
        assert 1 <= len(reached) <= 6


@pytest.mark.heavy
def test_many_dimensions() -> None:
    """N = 6 points of R^10: p = 0.4 keeps at most the 2 N weights that suffice, p = 1 more."""
    rng = np.random.default_rng(0)
    X, y = rng.uniform(-1, 1, (6, 10)), rng.uniform(-1, 1, 6)
    options = {"width": 40, "strength": 0.005, "epochs": 20_000, "seeds": range(3)}
    few, many = (sparse.train(X, y, p, penalise_bias=True, **options) for p in (0.4, 1))
    best = [min(r.weights for r in runs if r.error < 0.01) for runs in (few, many)]
    assert best[0] <= 12
    assert best[0] < best[1]
