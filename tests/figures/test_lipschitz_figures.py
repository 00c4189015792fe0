"""The figures of Lipschitz constants and moduli: their data say what the panels show."""

from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from relu_theory.figures import (
    digest,
    dmoc_curves,
    dmoc_fits,
    lipschitz_bounds,
    lipschitz_recovery,
    unsound_bounds,
)

MODULES = (dmoc_curves, dmoc_fits, lipschitz_bounds, lipschitz_recovery, unsound_bounds)


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    return {m.__name__: m.data(np.random.default_rng(m.SEED), True) for m in MODULES}


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__.rpartition(".")[2])
def test_panels_are_drawn(module: Any, results: dict[str, Any]) -> None:
    data = results[module.__name__]
    assert len(digest(data)) == 64
    fig = Figure(layout="constrained")
    takes_axes = "ax" in module.draw.__code__.co_varnames[:2]
    module.draw(data, fig.add_subplot() if takes_axes else fig)
    assert fig.axes


def test_bounds_are_above_and_deficits_positive(results: dict[str, Any]) -> None:
    for panel in results[lipschitz_bounds.__name__].values():
        for values in panel["ratios"].values():
            assert min(values) >= 1
    for line in results[lipschitz_recovery.__name__]:
        for fill, deficit in zip(line["fills"], line["deficits"], strict=True):
            assert -1e-9 <= deficit <= max(2 * fill / line["radius"], 0.5)


def test_the_table_tells_errors(results: dict[str, Any]) -> None:
    errors = [row[-1] for row in results[unsound_bounds.__name__]]
    assert errors == ["below the constant", "below the constant", "not the constant"]
    for _, _, answer, true, error in results[unsound_bounds.__name__]:
        assert (float(answer) < float(true)) == (error == "below the constant")


def test_training_brings_the_curve_to_that_of_the_data(results: dict[str, Any]) -> None:
    for panel in results[dmoc_curves.__name__]:
        assert panel["alike"]["trained"][1] > panel["alike"]["untrained"][1]


def test_what_is_fitted_too_little_or_too_much_shows(results: dict[str, Any]) -> None:
    for panel in results[dmoc_fits.__name__]:
        constants = panel["constants"]
        assert constants["under-fitted"] < constants["data"] < constants["over-fitted"]
        distance, similar, pearson = panel["alike"]["over-fitted"]
        assert similar == 1 - distance
        assert -1 <= pearson <= 1
        own, rest = panel["scores"]["over-fitted"]
        assert own == 1
        assert rest < panel["scores"]["trained"][1]
