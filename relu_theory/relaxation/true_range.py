"""The true range of a network on a box."""

from __future__ import annotations

from typing import Any

from relu_theory.intervals import enclosing_box
from relu_theory.network import ReluNetwork
from relu_theory.regions import OutputRange, output_range

__all__ = ["range"]


def range(net: ReluNetwork, box: Any) -> list[OutputRange]:
    """Exact range."""
    return output_range(net, enclosing_box(box, net.input_dim))
