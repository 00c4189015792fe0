"""Sparsest interpolation: the ReLU networks with the fewest neurons that fit given data."""

from relu_theory.sparse.family import Family
from relu_theory.sparse.interpolant import Interpolant, interpolate
from relu_theory.sparse.intervals import Interval
from relu_theory.sparse.neurons import MinimalNetwork, min_neurons

__all__ = ["Family", "Interpolant", "Interval", "MinimalNetwork", "interpolate", "min_neurons"]
