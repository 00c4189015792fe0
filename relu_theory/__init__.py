"""relu_theory: a laboratory for the theory of ReLU networks, in exact arithmetic."""

__version__ = "0.1.0"

from relu_theory.domain import Ball, Box, Polytope, WholeSpace
from relu_theory.network import ReluNetwork

__all__ = ["Ball", "Box", "Polytope", "ReluNetwork", "WholeSpace"]
