"""The comparison that ends every reader."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from relu_theory.errors import InvalidInput

__all__ = ["require_agreement"]


def require_agreement(
    ours: NDArray[np.float64], theirs: NDArray[np.float64], *, rtol: float, source: str
) -> None:
    """Raise unless two arrays of values agree.

    ``rtol`` is relative to the largest magnitude in ``theirs``.
    """
    scale = float(np.abs(theirs).max(initial=1.0))
    gap = float(np.abs(ours - theirs).max(initial=0.0))
    if ours.shape != theirs.shape or not gap <= rtol * scale:
        raise InvalidInput(
            f"{source} was read, but its own values and the network's differ by {gap:.3g} on "
            f"seeded points (values up to {scale:.3g}); this variant of the format is not "
            "understood, so pass the weights to ReluNetwork yourself"
        )
