"""Regions as artists: counts, colours, line styles, and nothing global."""

import subprocess
import sys
from typing import Any

import matplotlib
import numpy as np
import pytest
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure

from relu_theory import Box, ReluNetwork, regions
from relu_theory.errors import InvalidInput
from relu_theory.families import gaussian, load_traps
from relu_theory.plotting import planar, regions2d, slice2d

SQUARE = Box([-1, -1], [1, 1])
NET = gaussian(2, [7, 6], seed=4)
COLOURINGS = ("affine", "pattern", "gradient", "neighbours")


@pytest.fixture
def ax() -> Any:
    return Figure().add_subplot()


def area(path: Any) -> float:
    x, y = path.vertices.T
    return abs(x[:-1] @ y[1:] - y[:-1] @ x[1:]) / 2


@pytest.mark.parametrize("color", COLOURINGS)
def test_one_polygon_for_each_region(ax: Any, color: str) -> None:
    artists = regions2d(NET, SQUARE, ax, color=color)
    paths = artists.cells.get_paths()
    assert len(paths) == regions.count(NET, SQUARE)
    assert sum(map(area, paths)) == pytest.approx(4)
    assert artists.cells in ax.collections
    assert (ax.get_xlim(), ax.get_ylim()) == ((-1, 1), (-1, 1))


def test_colours_follow_the_affine_map(ax: Any) -> None:
    (case,) = [case for case in load_traps() if case.name == "identity gadget"]
    artists = regions2d(case.network, SQUARE, ax)
    maps, colours = artists.picture.affine, artists.cells.get_facecolors()
    for a, b in artists.picture.pairs:
        assert (maps[a] == maps[b]) == bool((colours[a] == colours[b]).all())


def test_neighbours_differ_in_colour(ax: Any) -> None:
    artists = regions2d(NET, SQUARE, ax, color="neighbours")
    colours = artists.cells.get_facecolors()
    assert all((colours[a] != colours[b]).any() for a, b in artists.picture.pairs)


def test_gradient_colours_are_the_norms(ax: Any) -> None:
    artists = regions2d(NET, SQUARE, ax, color="gradient", colorbar=True)
    norms = [np.linalg.norm(np.array(c.gradient, dtype=float)) for c in regions.cells(NET, SQUARE)]
    np.testing.assert_allclose(artists.cells.get_array(), norms)
    assert len(ax.figure.axes) == 2
    assert artists.colorbar.ax in ax.figure.axes


def test_pattern_colours_do_not_depend_on_the_box(ax: Any) -> None:
    found = []
    for box in (SQUARE, Box([0, 0], [1, 1])):
        artists = regions2d(NET, box, ax, color="pattern")
        colours = map(tuple, artists.cells.get_facecolors().tolist())
        found.append(dict(zip(artists.picture.patterns, colours, strict=True)))
    assert len(found[1]) > 3
    assert found[1].items() <= found[0].items()


def test_layers_differ_in_line_style(ax: Any) -> None:
    artists = regions2d(NET, SQUARE, ax)
    assert [lines.get_label() for lines in artists.borders] == ["layer 1", "layer 2"]
    assert all(isinstance(lines, LineCollection) for lines in artists.borders)
    styles = [lines.get_linestyles()[0] for lines in artists.borders]
    assert styles[0] != styles[1]
    assert [text.get_text() for text in ax.legend().get_texts()] == ["layer 1", "layer 2"]
    assert len(ax.collections) == 3


def test_options(ax: Any) -> None:
    artists = regions2d(NET, SQUARE, ax, borders=False, alpha=0.5, palette=["red", "white"])
    assert artists.borders == ()
    assert artists.colorbar is None
    assert artists.cells.get_alpha() == 0.5
    assert isinstance(artists.cells, PolyCollection)
    wide = regions2d(NET, SQUARE, ax, linewidth=3).borders
    assert wide[0].get_linewidths()[0] == 3


def test_unknown_colouring(ax: Any) -> None:
    with pytest.raises(InvalidInput, match=r"color must be one of affine, .*; got 'rainbow'"):
        regions2d(NET, SQUARE, ax, color="rainbow")
    assert not ax.collections


def test_affine_networks_are_one_polygon(ax: Any) -> None:
    artists = regions2d(ReluNetwork([[[1, 2]]], [[3]]), SQUARE, ax)
    assert (len(artists.cells.get_paths()), artists.borders) == (1, ())


def test_slice(ax: Any) -> None:
    net = gaussian(5, [6, 6], seed=1)
    origin, u, v = np.zeros(5), np.eye(5)[0], np.eye(5)[3] / 2
    artists = slice2d(net, origin, u, v, SQUARE, ax, color="gradient")
    restricted = net.restrict(np.column_stack([u, v]), origin)
    assert len(artists.cells.get_paths()) == regions.count(restricted, SQUARE)


def test_nothing_global_changes(ax: Any) -> None:
    before = dict(matplotlib.rcParams)
    regions2d(planar(NET, SQUARE), ax=ax)
    assert dict(matplotlib.rcParams) == before


def test_pyplot_is_only_used_without_axes() -> None:
    code = (
        "import sys, relu_theory.plotting as p; assert 'matplotlib' not in sys.modules\n"
        "from relu_theory import Box; from relu_theory.families import gaussian\n"
        "import matplotlib; matplotlib.use('agg'); from matplotlib.figure import Figure\n"
        "net, box = gaussian(2, [3], seed=0), Box([-1, -1], [1, 1])\n"
        "p.regions2d(net, box, Figure().add_subplot()); print('matplotlib.pyplot' in sys.modules)\n"
        "artists = p.regions2d(net, box); import matplotlib.pyplot as plt\n"
        "print(artists.cells in plt.gca().collections)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
