"""Colours that most colour-blind readers tell apart, and line styles as a second cue.

Okabe and Ito's eight colours (2008) and the ten-colour sequence of Petroff (2021) are written
out, since older releases of matplotlib do not carry them.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from relu_theory.errors import InvalidInput

__all__ = ["LAYER_STYLES", "OKABE_ITO", "PETROFF10", "by_hash", "by_label", "layer_style"]

OKABE_ITO = (
    "#56B4E9",
    "#E69F00",
    "#009E73",
    "#F0E442",
    "#CC79A7",
    "#0072B2",
    "#D55E00",
    "#000000",
)
PETROFF10 = (
    "#3F90DA",
    "#FFA90E",
    "#BD1F01",
    "#94A4A2",
    "#832DB6",
    "#A96B59",
    "#E76300",
    "#B9AC70",
    "#717581",
    "#92DADD",
)
LAYER_STYLES = ("solid", (0, (5, 1.6)), (0, (1.2, 1.2)), (0, (5, 1.5, 1.2, 1.5)))
_PALETTES = {"okabe_ito": OKABE_ITO[:7], "petroff10": PETROFF10}
# Shares of white: the plain palette is for points and lines, areas are drawn in tints of it.
_TINTS = (0.45, 0.7, 0.2)


def layer_style(layer: int) -> object:
    """Return the line style of a hidden layer; the styles repeat after four layers."""
    return LAYER_STYLES[layer % len(LAYER_STYLES)]


def by_label(
    labels: Sequence[int], palette: str | Sequence[str] = "okabe_ito"
) -> NDArray[np.float64]:
    """Return one RGB colour per integer label: the palette's first tint, then its other tints.

    Examples
    --------
    >>> by_label([0, 1, 0], ["#000000", "#ffffff"]).round(2).tolist()
    [[0.45, 0.45, 0.45], [1.0, 1.0, 1.0], [0.45, 0.45, 0.45]]
    """
    shades = _shades(palette)
    return shades[np.asarray(labels, dtype=np.intp) % len(shades)]


def by_hash(
    words: Sequence[str], palette: str | Sequence[str] = "petroff10"
) -> NDArray[np.float64]:
    """Return one RGB colour per word; equal words get equal colours, in every picture and run."""
    return by_label([zlib.crc32(word.encode()) for word in words], palette)


def _shades(palette: str | Sequence[str]) -> NDArray[np.float64]:
    from matplotlib.colors import to_rgb

    if isinstance(palette, str) and palette not in _PALETTES:
        known = ", ".join(_PALETTES)
        raise InvalidInput(f"palette must be one of {known} or a list of colours, got {palette!r}")
    colours = _PALETTES[palette] if isinstance(palette, str) else palette
    base = np.array([to_rgb(colour) for colour in colours])
    return np.concatenate([base + tint * (1.0 - base) for tint in _TINTS])
