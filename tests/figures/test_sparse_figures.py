"""The figures of sparsest interpolation: their data say what is drawn."""

import re
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from relu_theory.figures import digest, sparse_knots, sparse_threshold, sparse_training

MODULES = (sparse_knots, sparse_threshold, sparse_training)


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    return {m.__name__: m.data(np.random.default_rng(m.SEED), True) for m in MODULES}


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__.rpartition(".")[2])
def test_draws(module: Any, results: dict[str, Any]) -> None:
    data = results[module.__name__]
    assert len(digest(data)) == 64
    fig = Figure(figsize=module.SIZE, layout="constrained")
    module.draw(data, fig)
    assert all(ax.lines for ax in fig.axes)


def test_knots_lie_in_their_intervals(results: dict[str, Any]) -> None:
    data = results[sparse_knots.__name__]
    for knot, places in zip(data["knots"], data["free"], strict=True):
        assert any(low <= knot <= high for low, high in places)
    counts = [len(knots) for _, knots in data["rows"]]
    assert counts[0] == 17
    assert min(counts) == counts[-1] == 11


def test_thresholds_and_steps(results: dict[str, Any]) -> None:
    data = results[sparse_threshold.__name__]
    found = [round(float(curve["threshold"]), 5) for curve in data["curves"]]
    assert found == [0.43691, 0.18072, 0.11256]
    assert data["steps"][0][2] == data["least"]


def test_three_panels_of_training(results: dict[str, Any]) -> None:
    panels = results[sparse_training.__name__]["panels"]
    assert [panel["p"] for panel in panels] == [0.4, 0.7, 1.0]
    for panel in panels:
        for text in panel["kept"]:
            numbers = re.findall(r"\((\d+)\)", text) + re.findall(r"(\d+) did not fit", text)
            assert sum(map(int, numbers)) == 2
