"""The figures of the counting theory: their data say what the panels show."""

from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from relu_theory.figures import (
    complexity_table,
    digest,
    expected_regions,
    extremal_counts,
    six_definitions,
    training_counts,
)
from relu_theory.regions import KINDS

MODULES = (complexity_table, expected_regions, extremal_counts, six_definitions, training_counts)


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    return {m.__name__: m.data(np.random.default_rng(m.SEED), True) for m in MODULES}


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__.rpartition(".")[2])
def test_drawn(module: Any, results: dict[str, Any]) -> None:
    data = results[module.__name__]
    assert len(digest(data)) == 64
    fig = Figure(figsize=module.SIZE, layout="constrained")
    alone = module in (complexity_table, training_counts)
    module.draw(data, fig.add_subplot() if alone else fig)
    assert fig.axes


def test_panels_show_as_many_regions_as_are_counted(results: dict[str, Any]) -> None:
    (panel,) = results[six_definitions.__name__]
    assert list(panel["counts"].values()) == [7, 5, 4, 3, 3, 3]
    thin = {part["label"] for part in panel["thin"]}
    for kind in KINDS:
        regions = len(set(panel["labels"][kind])) + (len(thin) if kind == "activation" else 0)
        assert regions == panel["counts"][kind]


def test_all_checks_of_the_table_hold(results: dict[str, Any]) -> None:
    rows = results[complexity_table.__name__]
    assert all(row["held"] == row["checks"] > 0 for row in rows[:-1])


def test_training_lowers_the_loss_and_keeps_the_chain(results: dict[str, Any]) -> None:
    data = results[training_counts.__name__]
    assert data["loss"][-1] < data["loss"][0] / 2
    for step in range(len(data["steps"])):
        uppers = [data["counts"][kind][step][1] for kind in KINDS]
        assert uppers == sorted(uppers, reverse=True)
