"""The figures of shattering: their data agree with the room, their panels can be drawn."""

from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from relu_theory.figures import (
    agnostic_failure,
    digest,
    group_brackets,
    group_capacity,
    growth_functions,
    vc_brackets,
)

MODULES = (agnostic_failure, group_brackets, group_capacity, growth_functions, vc_brackets)


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    return {m.__name__: m.data(np.random.default_rng(0), True) for m in MODULES}


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__.rpartition(".")[2])
def test_panels(module: Any, results: dict[str, Any]) -> None:
    fig = Figure(figsize=module.SIZE, layout="constrained")
    data = results[module.__name__]
    module.draw(data, fig if module is growth_functions else fig.add_subplot())
    assert len(digest(data)) == 64
    assert sum(len(ax.lines) for ax in fig.axes) >= 3


def test_growth_is_below_sauer(results: dict[str, Any]) -> None:
    for series in results[growth_functions.__name__]:
        pairs = zip(series["growth"], series["sauer"], strict=True)
        assert all(growth <= bound for growth, bound in pairs)
        d = series["dimension"]
        if series["inputs"] == 1:
            assert series["growth"][:d] == [2**m for m in range(1, d + 1)]


def test_shattered_families_grow_with_the_order(results: dict[str, Any]) -> None:
    data = results[group_capacity.__name__]
    assert data["shattered"] == [1, 2, 3]
    assert all(a <= b for a, b in zip(data["growth"], data["proof"], strict=True))


def test_the_reduction_fails_at_most_as_often_as_the_learner(results: dict[str, Any]) -> None:
    for series in results[agnostic_failure.__name__]:
        assert all(a <= b for a, b in zip(series["reduction"], series["target"], strict=True))


def test_brackets_are_ordered(results: dict[str, Any]) -> None:
    assert all(row["lower"] <= row["upper"] for row in results[vc_brackets.__name__])


def test_one_unit_over_groups_is_above_one_without(results: dict[str, Any]) -> None:
    data = results[group_brackets.__name__]
    assert [row["lower"] for row in data["rows"]] == [2, 2, 3, 4]
    assert all(row["lower"] <= row["upper"] < row["counting"] for row in data["rows"])
    assert data["network"] == data["rows"][0]["upper"] == 2
