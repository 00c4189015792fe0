"""Networks from and to other formats: one file per format.

Every reader ends with a self-check: the forward values of the network are compared, on seeded
points, with an evaluation that shares no code with the reading.
"""

from relu_theory.interop.nnet import NnetFile, from_nnet, read_nnet, to_nnet
from relu_theory.interop.sklearn_mlp import from_sklearn

__all__ = ["NnetFile", "from_nnet", "from_sklearn", "read_nnet", "to_nnet"]
