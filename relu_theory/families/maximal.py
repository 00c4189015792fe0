"""The networks with the most regions that are known for an architecture."""

from __future__ import annotations

from collections.abc import Sequence

from relu_theory.errors import InvalidInput
from relu_theory.families.arrangements import generic_arrangement
from relu_theory.families.folding import montufar, serra
from relu_theory.network import ReluNetwork

__all__ = ["maximal"]

# Two inputs, two hidden layers; found by `relu_theory.regions.extremal_networks`.
_TRIANGLE = [[1, 0], [0, 1], [-1, -1]], [0, 0, -1]
_SEARCHED = {
    (2, 2): (([[1, 0], [0, 1]], [0, 0]), [[-2, -1], [-1, -2]], [1, 1]),
    (2, 3): (([[1, 0], [0, 1]], [0, 0]), [[-2, 0], [-2, -1], [-1, -2]], [1, 2, 2]),
    (3, 2): (_TRIANGLE, [[-2, -1, -1], [-1, -2, -2]], [1, 1]),
    (3, 3): (_TRIANGLE, [[-2, -2, 0], [-2, -1, -1], [-1, -2, -2]], [1, 2, 2]),
}


def maximal(inputs: int, widths: Sequence[int]) -> ReluNetwork:
    """The network with the most proper regions over R^inputs that is known here.

    Parameters
    ----------
    inputs : int
    widths : sequence of int
        Hidden widths.

    Returns
    -------
    ReluNetwork
        One hidden layer: a generic arrangement, which attains the maximum.  One input and widths
        of at least 3: the zigzags of `serra`, which attain ``prod (n_l + 1)``, the maximum.  Two
        inputs and widths (2, 2), (2, 3), (3, 2) or (3, 3): networks found by exhausting small
        integer weights; (2, 2) attains the maximum, 11.  Otherwise `serra` where
        its widths allow it, or else `montufar`.

    Raises
    ------
    InvalidInput
        When no construction fits: a width is below the number of inputs.

    Examples
    --------
    >>> maximal(2, [3, 2]).weights[1].astype(int).tolist()
    [[-2, -1, -1], [-1, -2, -2]]
    """
    widths = tuple(widths)
    if len(widths) == 1:
        return generic_arrangement(widths[0], inputs)
    if inputs == 2 and widths in _SEARCHED:
        (first, start), second, offsets = _SEARCHED[widths]
        output = [2**k for k in range(len(second))]
        return ReluNetwork([first, second, [output]], [start, offsets, [0]])
    if not widths or min(widths) < inputs:
        raise InvalidInput(
            f"widths must name a layer and be at least inputs = {inputs}, got {list(widths)}: no "
            "construction is known here for others")
    build = serra if min(widths) >= 3 * inputs else montufar
    return build(inputs, widths)
