"""The regions of a network in the plane, and planar slices of networks with many inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from relu_theory.errors import InvalidInput
from relu_theory.plotting.palettes import by_hash, by_label, layer_style
from relu_theory.plotting.planar import Planar, planar, planar_slice

__all__ = ["RegionArtists", "axes_or_current", "border_width", "regions2d", "slice2d"]

_INK = "#1b1b1b"
_COLOURINGS = ("affine", "pattern", "gradient", "neighbours")


@dataclass(frozen=True)
class RegionArtists:
    """What :func:`regions2d` added to the axes.

    Attributes
    ----------
    cells
        The ``PolyCollection`` of the cells, one polygon each.
    borders
        One ``LineCollection`` per hidden layer that has a border, labelled "layer 1" and so on.
    colorbar
        The colour bar, or None.
    picture
        The data that was drawn.
    """

    cells: Any
    borders: tuple[Any, ...]
    colorbar: Any
    picture: Planar


def regions2d(
    net: Any,
    box: Any = None,
    ax: Any = None,
    *,
    color: str = "affine",
    palette: str | Sequence[str] | None = None,
    borders: bool = True,
    border_color: str = _INK,
    linewidth: float | None = None,
    colorbar: bool = False,
    cmap: str = "cividis",
    **style: Any,
) -> RegionArtists:
    """Draw the full-dimensional activation regions of a network with two inputs.

    Parameters
    ----------
    net
        A network with two inputs, or the result of :func:`~relu_theory.plotting.planar`.
    box
        The planar domain; not needed with picture data.
    ax
        The axes; by default the current ones of pyplot.
    color
        ``"affine"``: cells with the same affine map share a colour, and neighbours with different
        maps differ; ``"neighbours"``: any two cells that share an edge differ; ``"pattern"``: a
        fixed colour per activation pattern, the same in every picture; ``"gradient"``: the spectral
        norm of the Jacobian.
    palette
        ``"okabe_ito"``, ``"petroff10"`` or a list of colours, for all but ``"gradient"``.
    borders
        Draw the facets, one line style per hidden layer.  A facet on which neurons of several
        layers vanish counts to the first of them.
    linewidth
        Width of the first layer's lines; by default thinner the more cells there are.
    colorbar
        Add a colour bar (``"gradient"`` only).
    style
        More keyword arguments of ``PolyCollection``.

    Returns
    -------
    RegionArtists

    Raises
    ------
    InvalidInput
        If `color` or `palette` is unknown.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from relu_theory.domain import Box
    >>> from relu_theory.network import ReluNetwork
    >>> net = ReluNetwork([[[1, 0], [0, 1]], [[1, 1]]], [[0, 0], [0]])
    >>> artists = regions2d(net, Box([-1, -1], [1, 1]), Figure().add_subplot())
    >>> len(artists.cells.get_paths())
    4
    """
    from matplotlib.collections import PolyCollection

    if color not in _COLOURINGS:
        raise InvalidInput(f"color must be one of {', '.join(_COLOURINGS)}; got {color!r}")
    picture, ax = planar(net, box), axes_or_current(ax)
    # Without edges of their own colour, neighbouring polygons show a hairline between them.
    style = {"edgecolors": "face", "linewidths": 0.25, "zorder": 1, **style}
    cells = PolyCollection(picture.polygons, **_fill(picture, color, palette, cmap), **style)
    ax.add_collection(cells)
    lines = _borders(ax, picture, border_color, linewidth) if borders else ()
    bar = _colorbar(ax, cells) if colorbar and color == "gradient" else None
    _frame(ax, picture)
    return RegionArtists(cells, lines, bar, picture)


def slice2d(
    net: Any, origin: Any, u: Any, v: Any, box: Any, ax: Any = None, **options: Any
) -> RegionArtists:
    """Draw the regions of the planar slice ``origin + s u + t v`` of a network with d inputs.

    Parameters
    ----------
    net
        A network with d inputs.
    origin, u, v
        Vectors of d numbers, taken exactly.
    box
        The domain of (s, t).
    ax, options
        As in :func:`regions2d`.

    Returns
    -------
    RegionArtists
        A cell of the slice is a cell of the network cut by the plane; where the plane runs along
        a boundary between regions, it is the regions of the restricted network that are drawn.
    """
    return regions2d(planar_slice(net, origin, u, v, box), ax=ax, **options)


def axes_or_current(ax: Any) -> Any:
    """Return `ax`, or pyplot's current axes when it is None."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.gca()


def border_width(picture: Planar) -> float:
    """Return a line width in points that suits the number of cells."""
    return float(np.clip(1.5 * (30.0 / picture.size) ** 0.28, 0.35, 1.5))


def _fill(picture: Planar, color: str, palette: Any, cmap: str) -> dict[str, Any]:
    if color == "gradient":
        return {"array": picture.gradient_norms, "cmap": cmap}
    if color == "pattern":
        return {"facecolors": by_hash(picture.patterns, palette or "petroff10")}
    labels = picture.map_colouring() if color == "affine" else picture.colouring()
    return {"facecolors": by_label(labels.tolist(), palette or "okabe_ito")}


def _borders(ax: Any, picture: Planar, ink: str, linewidth: float | None) -> tuple[Any, ...]:
    from matplotlib.collections import LineCollection

    width = border_width(picture) if linewidth is None else linewidth
    lines = picture.bent_lines()
    drawn = []
    for layer in sorted({layer for layer, _ in lines}):
        paths = [points for found, points in lines if found == layer]
        drawn.append(
            LineCollection(
                paths,
                colors=ink,
                linestyles=[layer_style(layer)],
                linewidths=width * 0.8**layer,
                capstyle="round" if layer == 0 else "butt",
                label=f"layer {layer + 1}",
                zorder=2,
            )
        )
        ax.add_collection(drawn[-1])
    return tuple(drawn)


def _colorbar(ax: Any, cells: Any) -> Any:
    return ax.figure.colorbar(cells, ax=ax, label="norm of the Jacobian", shrink=0.85)


def _frame(ax: Any, picture: Planar) -> None:
    (left, bottom), (right, top) = picture.bounds
    ax.set(xlim=(left, right), ylim=(bottom, top), aspect="equal")
