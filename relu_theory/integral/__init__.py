"""Explicit integral representations of functions as two-layer ReLU networks; norms of networks.

`represent` writes a polynomial (or a sum of sines, cosines and Gaussians) as an integral of ReLU
neurons with an explicit weight, proves the identity by exact equalities, samples networks from it
and knows their expected error. The derivations are made here; the subject is that of [Lee 2026].

What ``expected_error(m, distribution)`` returns for iid samples: *closed* is a `PiNumber`,
*enclosed* a certified ball (`flint.arb`), *refused* an error that names the reason. A Box or
centred Ball stands for its uniform law; d is the number of inputs.

    ===============  ========  ========  ========  ========  ========  ==========  ========
    form             Points    sphere    ball      Gaussian  box, d=1  box, d=2,3  box, d>3
    ===============  ========  ========  ========  ========  ========  ==========  ========
    taylor (d=1)     closed    closed    closed    refused   closed    none        none
    hermite          enclosed  enclosed  enclosed  enclosed  enclosed  enclosed    refused
    hermite-fixed    enclosed  enclosed  refused   refused   refused   refused     refused
    spherical        closed    closed    closed    refused   closed    enclosed    refused
    harmonic         closed    closed    closed    refused   closed    enclosed    refused
    funk-hecke       closed    closed    refused   refused   refused   refused     refused
    exponential      enclosed  enclosed  enclosed  infinite  enclosed  enclosed    refused
    fourier          enclosed  refused   refused   refused   enclosed  enclosed    enclosed
    ===============  ========  ========  ========  ========  ========  ==========  ========

* Forms of a bounded domain refuse every law that leaves it: taylor its interval, spherical and
  harmonic their ball, hermite-fixed and funk-hecke the unit sphere, fourier its cube (it refuses
  spheres and balls altogether, and Gaussian envelopes).
* hermite-fixed is closed at bias 0. spherical and harmonic are closed on boxes of every dimension
  where only even powers of |x| occur (one homogeneous part of odd degree), and enclosed at Points
  of irrational norm.
* hermite on a Gaussian is infinite when the rate of its bias law is too large; exponential always.
* The law is refused by `TooLarge` on a box of more than three dimensions, by `InvalidInput`
  elsewhere; `bound` has a value wherever the identity holds.
"""

from relu_theory.integral import gaussian, norms, rkhs
from relu_theory.integral.closed import PiNumber
from relu_theory.integral.comparison import Comparison, compare_with_kernel
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
    "Comparison",
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
    "compare_with_kernel",
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
