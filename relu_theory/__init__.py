"""relu_theory: a laboratory for the theory of ReLU networks, in exact arithmetic."""

__version__ = "0.1.0"

from relu_theory.network import ReluNetwork

__all__ = ["ReluNetwork"]
