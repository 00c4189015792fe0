"""The dual graph drawn over the regions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory.plotting.planar import Planar, planar
from relu_theory.plotting.regions import RegionArtists, axes_or_current, regions2d

__all__ = ["DualArtists", "dual2d"]


@dataclass(frozen=True)
class DualArtists:
    """What :func:`dual2d` added: the regions, the edges' ``LineCollection``, the nodes' points."""

    regions: RegionArtists
    edges: Any
    nodes: Any


def dual2d(
    net: Any,
    box: Any = None,
    ax: Any = None,
    *,
    node_color: str = "#0072B2",
    edge_color: str = "#D55E00",
    node_size: float | None = None,
    linewidth: float | None = None,
    **options: Any,
) -> DualArtists:
    """Draw the dual graph over the regions of a network with two inputs.

    Parameters
    ----------
    net, box, ax
        As in :func:`~relu_theory.plotting.regions2d`.
    node_size, linewidth
        Area of a node and width of an edge, in points squared and points; by default smaller the
        more cells there are.
    options
        More keyword arguments of ``regions2d``.

    Returns
    -------
    DualArtists
        Each edge runs from centre to centre through an inner point of the common facet, so that
        it meets no other facet; it is straight when the straight way does that.
    """
    picture, ax = planar(net, box), axes_or_current(ax)
    options = {"palette": ["#E8E8E8"], "border_color": "#8a8a8a", **options}
    regions = regions2d(picture, ax=ax, **options)
    scale = float(np.clip((40.0 / picture.size) ** 0.5, 0.12, 1.0))
    edges = _edges(picture, edge_color, 1.3 * scale**0.5 if linewidth is None else linewidth)
    ax.add_collection(edges)
    nodes = ax.scatter(
        *picture.centroids.T,
        s=30.0 * scale if node_size is None else node_size,
        color=node_color,
        edgecolors="white",
        linewidths=0.6 * scale,
        zorder=4,
    )
    return DualArtists(regions, edges, nodes)


def _edges(picture: Planar, color: str, linewidth: float) -> Any:
    from matplotlib.collections import LineCollection

    first, second = (picture.centroids[picture.pairs[:, side]] for side in (0, 1))
    paths: Any = np.stack([first, _gates(first, second, picture.facets), second], axis=1)
    return LineCollection(paths, colors=color, linewidths=linewidth, zorder=3)


def _gates(
    first: NDArray[np.float64], second: NDArray[np.float64], facets: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return where each edge crosses its facet: on the straight way, or as near to it as can be."""
    start, along = facets[:, 0], facets[:, 1] - facets[:, 0]
    way = second - first
    cross = along[:, 0] * way[:, 1] - along[:, 1] * way[:, 0]
    ahead = (first - start)[:, 0] * way[:, 1] - (first - start)[:, 1] * way[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(cross == 0.0, 0.5, ahead / cross)
    return start + np.clip(share, 0.2, 0.8)[:, None] * along
