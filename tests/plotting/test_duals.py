"""The dual graph over the regions, by its artists."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from relu_theory import Box
from relu_theory.families import gaussian, load_traps
from relu_theory.plotting import dual2d
from relu_theory.regions.dual import dual_graph

SQUARE = Box([-1, -1], [1, 1])
PENCIL = next(c.network for c in load_traps() if c.name == "six lines through a point")


@pytest.mark.parametrize("net", [gaussian(2, [6, 6], seed=8), PENCIL])
def test_nodes_and_edges_are_the_graph(net: object) -> None:
    ax = Figure().add_subplot()
    artists = dual2d(net, SQUARE, ax)
    graph = dual_graph(net, SQUARE)
    assert len(artists.nodes.get_offsets()) == graph.number_of_nodes()
    assert len(artists.edges.get_segments()) == graph.number_of_edges()
    assert set(ax.collections) >= {artists.nodes, artists.edges, artists.regions.cells}


def test_edges_cross_only_their_own_facet() -> None:
    net = gaussian(2, [6, 6], seed=8)
    artists = dual2d(net, SQUARE, Figure().add_subplot())
    picture = artists.regions.picture
    for path, (a, b) in zip(artists.edges.get_segments(), picture.pairs, strict=True):
        for start, end, cell in ((path[0], path[1], a), (path[1], path[2], b)):
            for share in np.linspace(0.05, 0.95, 7):
                point = (1 - share) * start + share * end
                word = "|".join("".join("01"[x] for x in part) for part in net.pattern(point))
                assert word == picture.patterns[cell]


def test_sizes_can_be_set() -> None:
    artists = dual2d(
        PENCIL, SQUARE, Figure().add_subplot(), node_size=9, linewidth=2, color="affine"
    )
    assert artists.nodes.get_sizes().tolist() == [9]
    assert artists.edges.get_linewidths().tolist() == [2]
