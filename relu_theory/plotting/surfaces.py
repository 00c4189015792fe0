"""The graph of a network's function over the plane, in three dimensions and as a shaded map."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory.errors import InvalidInput
from relu_theory.plotting.palettes import by_hash, by_label
from relu_theory.plotting.planar import Planar, planar
from relu_theory.plotting.regions import axes_or_current, border_width

__all__ = ["graph3d", "values2d"]

_LIGHT = np.array([-0.45, -0.35, 0.82])
_COLOURINGS = ("value", "affine", "pattern", "gradient")


def graph3d(
    net: Any,
    box: Any = None,
    ax: Any = None,
    *,
    output: int = 0,
    color: str = "value",
    cmap: str = "cividis",
    edges: bool = True,
    shade: float = 0.45,
) -> Any:
    """Draw the graph of one output over the cells of the plane, one flat polygon per cell.

    Parameters
    ----------
    net
        A network with two inputs, or the result of :func:`~relu_theory.plotting.planar`.
    box
        The planar domain; not needed with picture data.
    ax
        Three-dimensional axes (``fig.add_subplot(projection="3d")``).
    output
        Which output is the height.
    color
        ``"value"`` (mean height of the cell), ``"gradient"``, ``"affine"`` or ``"pattern"``.
    edges
        Draw the polygons' edges.
    shade
        From 0 (flat colours) to 1 (faces turned from the light are black).

    Returns
    -------
    mpl_toolkits.mplot3d.art3d.Poly3DCollection

    Raises
    ------
    InvalidInput
        If the axes are not three-dimensional, or there is no such output or colouring.
    """
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection

    if not hasattr(ax, "add_collection3d"):
        raise InvalidInput("ax must be three-dimensional; use fig.add_subplot(projection='3d')")
    picture = _checked(planar(net, box), output)
    heights = [picture.values(i, output) for i in range(picture.size)]
    polygons = [np.column_stack(pair) for pair in zip(picture.polygons, heights, strict=True)]
    colours = _face_colours(picture, heights, color, cmap)
    colours = _lit(colours, picture, output, heights, shade)
    faces = Poly3DCollection(
        polygons,
        facecolors=colours,
        edgecolors=(0.0, 0.0, 0.0, 0.55) if edges else colours,
        linewidths=0.6 * border_width(picture) if edges else 0.2,
    )
    ax.add_collection3d(faces)
    _limits(ax, picture, np.concatenate(heights))
    return faces


def values2d(
    net: Any,
    box: Any = None,
    ax: Any = None,
    *,
    output: int = 0,
    cmap: str = "cividis",
    **style: Any,
) -> Any:
    """Shade the plane by the values of one output.

    Parameters
    ----------
    net, box, ax, output
        As in :func:`graph3d`, on planar axes.
    style
        More keyword arguments of ``Axes.tripcolor``.

    Returns
    -------
    matplotlib.collections.TriMesh
        The cells, cut into triangles.  The function is affine on each, so that the interpolated
        colours are the function itself.
    """
    ax = axes_or_current(ax)
    picture = _checked(planar(net, box), output)
    points = np.concatenate(picture.polygons)
    values = np.concatenate([picture.values(i, output) for i in range(picture.size)])
    options = {"shading": "gouraud", "cmap": cmap, "zorder": 1, **style}
    mesh = ax.tripcolor(*points.T, values, triangles=_fans(picture), **options)
    (left, bottom), (right, top) = picture.bounds
    ax.set(xlim=(left, right), ylim=(bottom, top), aspect="equal")
    return mesh


def _checked(picture: Planar, output: int) -> Planar:
    outputs = picture.offsets.shape[1]
    if not 0 <= output < outputs:
        raise InvalidInput(f"output must be between 0 and {outputs - 1}, got {output}")
    return picture


def _fans(picture: Planar) -> NDArray[np.intp]:
    """Return triangles ``(t, 3)`` over the concatenated vertices, a fan for each polygon."""
    triangles, start = [], 0
    for polygon in picture.polygons:
        triangles += [(start, start + i, start + i + 1) for i in range(1, len(polygon) - 1)]
        start += len(polygon)
    return np.array(triangles, dtype=np.intp)


def _face_colours(
    picture: Planar, heights: list[NDArray[np.float64]], color: str, cmap: str
) -> NDArray[np.float64]:
    if color == "affine":
        return by_label(picture.map_colouring().tolist())
    if color == "pattern":
        return by_hash(picture.patterns)
    if color not in _COLOURINGS:
        raise InvalidInput(f"color must be one of {', '.join(_COLOURINGS)}; got {color!r}")
    from matplotlib import colormaps
    from matplotlib.colors import Normalize

    means = np.array([height.mean() for height in heights])
    amounts = means if color == "value" else picture.gradient_norms
    return colormaps[cmap](Normalize()(amounts))[:, :3]


def _lit(
    colours: NDArray[np.float64],
    picture: Planar,
    output: int,
    heights: list[NDArray[np.float64]],
    shade: float,
) -> NDArray[np.float64]:
    """Darken each face by its angle to the light, seen in the proportions of the axes' cube."""
    width, depth = np.ptp(picture.bounds, axis=0)
    height = np.ptp(np.concatenate(heights)) or 1.0
    slopes = picture.gradients[:, output] * np.array([width, depth]) / height
    normals = np.column_stack([-slopes, np.ones(picture.size)])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    light = np.clip(normals @ (_LIGHT / np.linalg.norm(_LIGHT)), 0.0, 1.0)
    return colours * (1.0 - shade + shade * light[:, None])


def _limits(ax: Any, picture: Planar, heights: NDArray[np.float64]) -> None:
    (left, bottom), (right, top) = picture.bounds
    low, high = heights.min(), heights.max()
    margin = 0.0 if high > low else 0.5
    ax.set(xlim=(left, right), ylim=(bottom, top), zlim=(low - margin, high + margin))
