"""The figures of regions, duals, slices and graphs: their data say what the panels show."""

from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from relu_theory import regions
from relu_theory.data import trained
from relu_theory.families import load_traps
from relu_theory.figures import (
    digest,
    duals,
    gallery_degenerate,
    graphs,
    slices,
    trained_regions,
)

MODULES = (duals, gallery_degenerate, graphs, slices, trained_regions)


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    return {m.__name__: m.data(np.random.default_rng(m.SEED), True) for m in MODULES}


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__.rpartition(".")[2])
def test_panels(module: Any, results: dict[str, Any]) -> None:
    data = results[module.__name__]
    assert len(digest(data)) == 64
    fig = Figure(figsize=module.SIZE, layout="constrained")
    module.draw(data, fig)
    titles = " ".join(ax.get_title() for ax in fig.axes)
    assert all(str(len(panel["picture"]["polygons"])) in titles for panel in data)


def test_gallery_has_the_exact_counts(results: dict[str, Any]) -> None:
    counts = {case.name: case.counts[0][1] for case in load_traps()}
    sizes = [len(panel["picture"]["polygons"]) for panel in results[gallery_degenerate.__name__]]
    assert sizes == [counts[name] for name, *_ in gallery_degenerate._PANELS]


def test_trained_panels_count_the_regions(results: dict[str, Any]) -> None:
    for panel, name in zip(
        results[trained_regions.__name__], ("iris2", "breast_cancer2"), strict=True
    ):
        net, box, _ = trained.load(name)
        assert len(panel["picture"]["polygons"]) == regions.count(net, box)
