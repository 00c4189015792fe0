"""The figures of relaxations: their data say what the panels show."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from relu_theory.figures import (
    digest,
    expressivity_table,
    nested_maximum,
    neuron_relaxations,
    relaxation_widths,
    subbox_gaps,
)


def rendered(module: Any) -> tuple[Any, Figure]:
    data = module.data(np.random.default_rng(0), True)
    assert len(digest(data)) == 64
    fig = Figure(figsize=module.SIZE, layout="constrained")
    single = module in (relaxation_widths, expressivity_table)
    module.draw(data, fig.add_subplot() if single else fig)
    return data, fig


def test_widths():
    data, fig = rendered(relaxation_widths)
    assert len(fig.axes[0].get_lines()) == len(data["widths"]) + 1
    for i, true in enumerate(data["true"]):
        assert data["widths"]["ibp"][i] >= data["widths"]["deeppoly0"][i]
        assert data["widths"]["deeppoly0"][i] >= data["widths"]["triangle"][i] >= true


def test_gaps():
    data, _ = rendered(subbox_gaps)
    verdicts = {(p["title"], p["label"]): p["verdict"] for p in data["panels"]}
    assert verdicts["absolute value", "triangle"] == "HOLDS"
    assert verdicts["convex, canonical network", "triangle"] == "HOLDS"
    assert verdicts["wiggle", "triangle"] == "FAILS"
    for panel in data["panels"]:
        if panel["verdict"] == "HOLDS":
            assert not any(map(any, panel["gaps"]))


def test_table():
    data, fig = rendered(expressivity_table)
    assert len(fig.axes[0].patches) == len(data) == 25
    cells = {(c["method"], c["class"]): c["counts"] for c in data}
    assert cells["ibp", "monotone"]["HOLDS"] == cells["multineuron", "any"]["HOLDS"] == 4
    assert cells["ibp", "turn"]["FAILS"] == 4
    assert cells["triangle", "convex"]["HOLDS"] == cells["deeppoly1", "turn"]["HOLDS"] == 4


@pytest.mark.parametrize(("panel", "area"), [(0, 3), (1, Fraction(3, 2)), (2, 3), (3, 1)])
def test_neuron(panel, area):
    data, fig = rendered(neuron_relaxations)
    assert len(fig.axes) == 4
    assert data[panel]["area"] == area


def test_nested_maximum():
    data, fig = rendered(nested_maximum)
    assert (data.dims, data.patterns, data.exact) == ([2, 3], [2, 4], [True, True])
    assert data.triangle[0] == Fraction(3, 2)
    assert sorted(word for word, _ in data.polygons) == ["$x_1$", "$x_2$", "$x_3$", "$x_3$"]
    areas = [len(corners) for _, corners in data.polygons]
    assert sorted(areas) == [3, 3, 4, 4]
    assert len(fig.axes[0].patches) == 4
