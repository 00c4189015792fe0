"""The graph in three dimensions and the shaded map, by their artists."""

from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from mpl_toolkits.mplot3d import proj3d

from relu_theory import Box, ReluNetwork, regions
from relu_theory.errors import InvalidInput
from relu_theory.families import gaussian
from relu_theory.plotting import graph3d, planar, values2d

SQUARE = Box([-1, -1], [1, 1])
NET = gaussian(2, [6, 5], seed=7, outputs=2)


@pytest.fixture
def space() -> Any:
    return Figure().add_subplot(projection="3d")


def drawn(faces: Any) -> list[Any]:
    """The projected polygons of a collection in space."""
    faces.figure.draw_without_rendering()
    return faces.get_paths()


@pytest.mark.parametrize("color", ["value", "affine", "pattern", "gradient"])
def test_one_face_for_each_region(space: Any, color: str) -> None:
    faces = graph3d(NET, SQUARE, space, output=1, color=color)
    assert faces in space.collections
    assert len(drawn(faces)) == regions.count(NET, SQUARE)
    values = NET.forward(np.concatenate(planar(NET, SQUARE).polygons))[:, 1]
    np.testing.assert_allclose(space.get_zlim(), (values.min(), values.max()))


def test_faces_are_seen_where_the_graph_is(space: Any) -> None:
    faces = graph3d(NET, SQUARE, space, output=1)
    corners = np.concatenate([path.vertices for path in drawn(faces)]).round(9)
    # Short polygons are padded with NaN.
    seen = {(x, y) for x, y in corners.tolist() if not np.isnan(x)}
    points = np.concatenate(planar(NET, SQUARE).polygons)
    x, y, _ = proj3d.proj_transform(*points.T, NET.forward(points)[:, 1], space.get_proj())
    assert seen == set(zip(x.round(9).tolist(), y.round(9).tolist(), strict=True))


def test_shade_darkens(space: Any) -> None:
    picture = planar(NET, SQUARE)
    flat, lit = (
        graph3d(picture, ax=space, shade=shade, edges=False).get_facecolor() for shade in (0, 0.8)
    )
    assert (lit[:, :3] <= flat[:, :3]).all()
    assert (lit[:, :3] < flat[:, :3]).any()


def test_constant_functions_have_a_graph(space: Any) -> None:
    faces = graph3d(ReluNetwork([[[0, 0]]], [[3]]), SQUARE, space)
    assert len(drawn(faces)) == 1
    assert space.get_zlim() == (2.5, 3.5)


def test_shading_interpolates_the_function() -> None:
    ax = Figure().add_subplot()
    mesh = values2d(NET, SQUARE, ax, output=1, cmap="viridis")
    triangulation = mesh._triangulation
    x, y = triangulation.x, triangulation.y
    np.testing.assert_allclose(NET.forward(np.column_stack([x, y]))[:, 1], mesh.get_array())
    corners = np.column_stack([x, y])[triangulation.triangles]
    sides = corners[:, 1:] - corners[:, :1]
    assert np.abs(np.linalg.det(sides)).sum() / 2 == pytest.approx(4)
    middles = corners.mean(axis=1)
    means = mesh.get_array()[triangulation.triangles].mean(axis=1)
    np.testing.assert_allclose(NET.forward(middles)[:, 1], means, atol=1e-9)


def test_errors(space: Any) -> None:
    with pytest.raises(InvalidInput, match="must be three-dimensional"):
        graph3d(NET, SQUARE, Figure().add_subplot())
    with pytest.raises(InvalidInput, match="output must be between 0 and 1, got 2"):
        graph3d(NET, SQUARE, space, output=2)
    with pytest.raises(InvalidInput, match="color must be one of value"):
        graph3d(NET, SQUARE, space, color="neighbours")
    with pytest.raises(InvalidInput, match="output must be between 0 and 1, got -1"):
        values2d(NET, SQUARE, Figure().add_subplot(), output=-1)
