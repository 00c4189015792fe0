"""What ships as data: networks trained on real data, traps, and the workloads of measurements.

`trained` loads the networks; `relu_theory.families` has the traps and the workloads.

>>> from relu_theory import data
>>> data.trained.names()[0]
'iris2'
"""

from relu_theory.data import trained

__all__ = ["trained"]
