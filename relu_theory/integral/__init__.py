"""Explicit integral representations of functions as two-layer ReLU networks; norms of networks.

`represent` writes a polynomial (or a sum of sines, cosines and Gaussians) as an integral of ReLU
neurons with an explicit weight, proves the identity by exact equalities, samples networks from it
and knows their expected error. The derivations are made here; the subject is that of [Lee 2026].
"""

from relu_theory.integral import gaussian, norms, rkhs
from relu_theory.integral.closed import PiNumber
from relu_theory.integral.discretise import Discretisation, discretise
from relu_theory.integral.distributions import (
    Points,
    StandardGaussian,
    UniformBall,
    UniformBox,
    UniformSphere,
)
from relu_theory.integral.forms import FORMS, represent
from relu_theory.integral.function_norms import gaussian_r_norm, r_norm_constant
from relu_theory.integral.network_error import squared_error
from relu_theory.integral.polynomial import Polynomial, read_polynomial
from relu_theory.integral.proof import Proof, Step
from relu_theory.integral.representation import MultipliedNetwork, Representation
from relu_theory.integral.roots import RootSum

__all__ = [
    "FORMS",
    "Discretisation",
    "MultipliedNetwork",
    "PiNumber",
    "Points",
    "Polynomial",
    "Proof",
    "Representation",
    "RootSum",
    "StandardGaussian",
    "Step",
    "UniformBall",
    "UniformBox",
    "UniformSphere",
    "discretise",
    "gaussian",
    "gaussian_r_norm",
    "norms",
    "r_norm_constant",
    "read_polynomial",
    "represent",
    "rkhs",
    "squared_error",
]
