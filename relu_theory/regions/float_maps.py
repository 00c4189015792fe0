"""Affine maps of many cells at once, in floats with proved error bounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from relu_theory.network import ReluNetwork

__all__ = ["float_maps", "linear_bounds"]

Floats = NDArray[np.float64]
UNIT = 2.0**-53
# Below this, products of floats may lose everything to underflow.
TINY = 1e-290


def float_maps(
    net: ReluNetwork, patterns: NDArray[np.uint64], pattern_at: Sequence[int]
) -> tuple[Floats, Floats]:
    """Output maps (coefficients, constant) of a network under several patterns.

    Parameters
    ----------
    net : ReluNetwork
        d inputs.
    patterns : (m, words) array
        Packed patterns, whole words for every layer.
    pattern_at : first word of each layer

    Returns
    -------
    maps : (m, out, d + 1) array
    errors : (out, d + 1) array
        The exact map of every pattern is within `errors` of its row; infinite where floats
        overflow.
    """
    masks = _masks(net, patterns, pattern_at)
    maps = _augmented(net, 0)[None]
    errors = UNIT * np.abs(maps[0]) + TINY
    with np.errstate(all="ignore"):
        for level, mask in enumerate(masks, start=1):
            hidden = np.where(mask[:, :, None], maps, 0.0)
            ever = mask.any(axis=0)[:, None]
            weight, bias = net.weights[level], net.biases[level]
            size = np.abs(weight)
            below = np.abs(hidden).max(axis=0) + np.where(ever, errors, 0.0)
            total = size @ below
            total[:, -1] += np.abs(bias)
            # Weights are rounded once, then come products and a sum in any order.
            rounding = (weight.shape[1] + 6) * UNIT * total + TINY
            errors = (size @ np.where(ever, errors, 0.0) + rounding) * (1 + 1e-12)
            maps = weight @ hidden
            maps[:, :, -1] += bias
        bad = ~np.isfinite(maps).all(axis=0) | ~np.isfinite(errors)
    maps = np.broadcast_to(np.nan_to_num(maps), (len(patterns), *maps.shape[1:]))
    return maps, np.where(bad, np.inf, errors)


def linear_bounds(
    maps: Floats, errors: Floats, rays: Floats, delta: Floats
) -> tuple[Floats, Floats]:
    """Values of maps (n, d + 1) at rays (n, d + 1) known up to delta (n,), with error bounds."""
    size = np.abs(maps) + errors
    near = np.where(rays != 0, np.abs(rays), 0.0)
    with np.errstate(all="ignore"):
        value = np.einsum("nk,nk->n", maps, rays)
        parts = np.where(near > 0, (errors + 2 * (maps.shape[1] + 3) * UNIT * size) * near, 0.0)
        bound = parts.sum(axis=1) + np.where(delta > 0, size.sum(axis=1) * delta, 0.0)
    known = np.isfinite(value) & np.isfinite(bound)
    return np.where(known, value, 0.0), np.where(known, bound * (1 + 1e-12) + TINY, np.inf)


def _augmented(net: ReluNetwork, level: int) -> Floats:
    return np.column_stack([net.weights[level], net.biases[level]])


def _masks(
    net: ReluNetwork, patterns: NDArray[np.uint64], pattern_at: Sequence[int]
) -> Iterator[NDArray[np.bool_]]:
    """Layer by layer, (m, width): which neurons are active."""
    for start, width in zip(pattern_at, net.widths, strict=True):
        words = patterns[:, int(start) : int(start) + (width + 63) // 64]
        octets = np.ascontiguousarray(words).astype("<u8").view(np.uint8)
        bits = np.unpackbits(octets.reshape(len(patterns), -1), axis=1, bitorder="little")
        yield bits[:, :width].astype(bool)
