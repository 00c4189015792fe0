"""Picture data: polygons tile the domain, colourings are proper, slices agree with the network."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from relu_theory import Box, Polytope, ReluNetwork, regions
from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.families import gaussian, iterated_tent, load_traps
from relu_theory.plotting import Planar, planar, planar_slice
from tests.strategies import boxes, networks

SQUARE = Box([-1, -1], [1, 1])
TRAPS = {case.name: case.network for case in load_traps()}


def area(polygon: NDArray[np.float64]) -> float:
    x, y = polygon.T
    return abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def is_convex(polygon: NDArray[np.float64]) -> bool:
    steps = np.roll(polygon, -1, axis=0) - polygon
    turns = np.cross(
        np.c_[steps, steps[:, 0] * 0], np.c_[np.roll(steps, -1, axis=0), steps[:, 0] * 0]
    )
    return bool((turns[:, 2] > -1e-9).all() or (turns[:, 2] < 1e-9).all())


@given(st.data())
def test_polygons_tile_the_box(data: st.DataObject) -> None:
    net, box = data.draw(networks(2)), data.draw(boxes(2, flat=False))
    picture = planar(net, box)
    assert picture.size == regions.count(net, box)
    assert sum(map(area, picture.polygons)) == pytest.approx(float(box.volume()))
    assert all(map(is_convex, picture.polygons))
    for i, polygon in enumerate(picture.polygons):
        for output in range(net.output_dim):
            wanted = net.forward(polygon)[:, output]
            np.testing.assert_allclose(picture.values(i, output), wanted, atol=1e-9)


@given(networks(2, max_width=5))
def test_colourings(net: ReluNetwork) -> None:
    picture = planar(net, SQUARE)
    colours, maps = picture.colouring(), picture.map_colouring()
    assert colours.max() < 6
    for a, b in picture.pairs:
        assert colours[a] != colours[b]
        assert (maps[a] == maps[b]) == (picture.affine[a] == picture.affine[b])
    assert len(set(zip(picture.affine, maps, strict=True))) == len(set(picture.affine))


def test_generic_networks_need_two_colours_and_use_seven() -> None:
    picture = planar(gaussian(2, [9, 9], seed=2), SQUARE)
    assert set(picture.colouring()) == {0, 1}
    assert set(picture.map_colouring()) == set(range(7))
    assert set(picture.map_colouring(size=1)) > {0}


def test_cells_with_equal_maps_agree() -> None:
    # On the left of both axes nothing is active; the tents' cells all have different maps.
    assert planar(TRAPS["iterated tent, 3 layers"], Box([0, 0], [1, 1])).affine.max() == 63
    gadget = planar(TRAPS["identity gadget"], SQUARE)
    assert (gadget.size, gadget.affine.max() + 1) == (14, 6)


@pytest.mark.parametrize("name", ["gap of 1e-9", "sliver", "scaling by 2^-200"])
def test_thin_cells_keep_their_polygons(name: str) -> None:
    picture = planar(TRAPS[name], SQUARE)
    assert picture.size == {"gap of 1e-9": 3, "sliver": 4}.get(name, 419)
    assert sum(map(area, picture.polygons)) == pytest.approx(4)
    assert (np.abs(picture.centroids) <= 1).all()


def test_centroids() -> None:
    picture = planar(ReluNetwork([[[1, 1]], [[1]]], [[0], [0]]), SQUARE)
    found = sorted(picture.centroids.tolist())
    np.testing.assert_allclose(found, [[-1 / 3, -1 / 3], [1 / 3, 1 / 3]])


def test_bent_lines_cover_the_facets_once() -> None:
    picture = planar(gaussian(2, [6, 6], seed=5), SQUARE)
    lines = picture.bent_lines()
    steps = [np.linalg.norm(np.diff(points, axis=0), axis=1).sum() for _, points in lines]
    lengths = np.linalg.norm(np.diff(picture.facets, axis=1)[:, 0], axis=1)
    assert sum(steps) == pytest.approx(lengths.sum())
    assert sum(len(points) - 1 for _, points in lines) == len(picture.facets)
    first = [points for layer, points in lines if layer == 0]
    assert len(first) <= 6
    for points in first:
        gaps = np.cross(*np.c_[points[1:] - points[0], 0 * points[1:, 0]][[0, -1]])
        assert abs(gaps[2]) < 1e-9


def test_closed_bent_lines() -> None:
    # relu(1 - |x| - |y|) vanishes outside a diamond that lies inside the square.
    net = ReluNetwork(
        [[[1, 0], [-1, 0], [0, 1], [0, -1]], [[-1, -1, -1, -1]], [[1]]], [[0] * 4, ["1/2"], [0]]
    )
    loops = [points for layer, points in planar(net, SQUARE).bent_lines() if layer == 1]
    assert len(loops) == 1
    np.testing.assert_array_equal(loops[0][0], loops[0][-1])
    assert len(loops[0]) == 5


def test_polytopes_and_vector_outputs() -> None:
    triangle = Polytope([[-1, 0], [0, -1], [1, 1]], [0, 0, 1])
    picture = planar(iterated_tent(1), triangle)
    assert sum(map(area, picture.polygons)) == pytest.approx(0.5)
    np.testing.assert_allclose(picture.bounds, [[0, 0], [1, 1]])
    np.testing.assert_allclose(picture.gradient_norms, 2)
    assert picture.gradients.shape == (picture.size, 2, 2)


def test_slices() -> None:
    net = gaussian(4, [6, 5], seed=3)
    origin, u, v = ["0.1", 0, 0, 0], [1, 0, "1/2", 0], [0, 1, 0, -1]
    picture = planar_slice(net, origin, u, v, SQUARE)
    axes = np.array([[float(Fraction(x)) for x in row] for row in (origin, u, v)])
    for i, (s, t) in enumerate(picture.centroids):
        point = axes[0] + s * axes[1] + t * axes[2]
        pattern = "|".join("".join("01"[x] for x in layer) for layer in net.pattern(point))
        assert pattern == picture.patterns[i]


def test_picture_data_passes_through() -> None:
    picture = planar(iterated_tent(1), Box([0, 0], [1, 1]))
    assert planar(picture, None) is picture
    assert isinstance(picture, Planar)


def test_what_cannot_be_drawn() -> None:
    net = gaussian(2, [3], seed=0)
    with pytest.raises(ShapeError, match="net must have 2 inputs, got 3; draw a slice"):
        planar(gaussian(3, [3], seed=0), Box(-1, 1, dim=3))
    with pytest.raises(InvalidInput, match="must be bounded"):
        planar(net, None)
    with pytest.raises(ShapeError):
        planar(net, Box(-1, 1, dim=3))
    with pytest.raises(InvalidInput, match="must be bounded"):
        planar(net, Polytope([[1, 0]], [0]))
    with pytest.raises(InvalidInput, match="must have interior points, got a flat one"):
        planar(net, Box([0, 0], [1, 0]))
    with pytest.raises(InvalidInput, match="got an empty domain"):
        planar(net, Polytope([[1, 0], [-1, 0], [0, 1], [0, -1]], [-1, -1, 1, 1]))
    with pytest.raises(ShapeError, match="one per input of net; got 3, 2 and 3"):
        planar_slice(gaussian(3, [3], seed=0), [0, 0, 0], [1, 0], [0, 1, 0], SQUARE)
