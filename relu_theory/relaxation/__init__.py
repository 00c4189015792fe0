"""Convex relaxations of ReLU networks in rational arithmetic, and when they are exact."""

from relu_theory.relaxation.bounds import METHODS, Bounds, BoundsCertificate, bounds

__all__ = ["METHODS", "Bounds", "BoundsCertificate", "bounds"]
