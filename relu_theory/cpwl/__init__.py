"""Univariate continuous piecewise-linear (CPWL) functions with rational knots, exactly.

A function is its knots t_1 < ... < t_n, where the slope changes, its n + 1 slopes, and the
intercept of its leftmost piece. This form is unique, so equal functions compare equal.
"""

from relu_theory.cpwl.calculus import Range
from relu_theory.cpwl.function import CPWL
from relu_theory.cpwl.networks import SkipNetwork, subset_with_sum

__all__ = ["CPWL", "Range", "SkipNetwork", "subset_with_sum"]
