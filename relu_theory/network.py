"""ReluNetwork: a fully connected ReLU network as an exact mathematical object."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import ArrayLike, NDArray

from relu_theory import network_algebra as algebra
from relu_theory import network_io as io
from relu_theory import network_values as values
from relu_theory.affine import AffineLayer, read_layers
from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.exact.numbers import (
    fraction,
    fraction_array,
    rational,
    rational_matrix,
    rational_vector,
)

__all__ = ["ExactView", "Pattern", "ReluNetwork"]

Pattern = tuple[tuple[bool, ...], ...]


@dataclass(frozen=True)
class ExactView:
    """The exact weights and biases of a network.

    Attributes
    ----------
    weights : tuple of flint.fmpq_mat
        ``weights[i]`` has shape (out, in).
    biases : tuple of lists of flint.fmpq
    """

    weights: tuple[fmpq_mat, ...]
    biases: tuple[list[fmpq], ...]


class ReluNetwork:
    """A fully connected ReLU network with exactly the given weights.

    The network is the function x -> W_L relu(... relu(W_0 x + b_0) ...) + b_L. The last pair is
    the affine output layer; without hidden layers the network is an affine map.

    Parameters
    ----------
    weights : sequence of L + 1 matrices
        ``weights[i]`` has shape (out, in): a numpy array, or rows of ints, floats, Fractions,
        sympy Rationals or strings such as ``"1/3"``. Every number is taken exactly; float32 is
        promoted exactly.
    biases : sequence of L + 1 vectors
        ``biases[i]`` has one entry per row of ``weights[i]``.

    Attributes
    ----------
    weights, biases : tuples of read-only float64 arrays
        The floats nearest to the exact values.
    float_exact : bool
        Whether those floats are the exact values.

    Raises
    ------
    InvalidInput
        When an entry is NaN, infinite or no number; its layer and position are named.
    ShapeError
        When the shapes do not chain, a layer has no outputs, or the lists differ in length.

    Notes
    -----
    Frozen and hashable; equality is that of the exact values. Construction from float arrays
    copies and checks them; rationals are built on the first use of `exact`.

    Examples
    --------
    The absolute value:

    >>> net = ReluNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]])
    >>> net.forward_exact(["-1/3"])
    (Fraction(1, 3),)
    """

    __slots__ = ("__weakref__", "_exact", "_layers")

    _layers: tuple[AffineLayer, ...]
    _exact: ExactView | None

    def __init__(self, weights: Iterable[Any], biases: Iterable[Any]) -> None:
        self._set(read_layers(weights, biases))

    @classmethod
    def _of(cls, layers: tuple[AffineLayer, ...]) -> ReluNetwork:
        net = cls.__new__(cls)
        net._set(layers)
        return net

    def _set(self, layers: tuple[AffineLayer, ...]) -> None:
        object.__setattr__(self, "_layers", layers)
        object.__setattr__(self, "_exact", None)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a ReluNetwork is frozen; build a new one instead of setting {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a ReluNetwork is frozen; {name} cannot be deleted")

    @property
    def weights(self) -> tuple[NDArray[np.float64], ...]:
        """The nearest floats of the weight matrices."""
        return tuple(layer.weight for layer in self._layers)

    @property
    def biases(self) -> tuple[NDArray[np.float64], ...]:
        """The nearest floats of the biases."""
        return tuple(layer.bias for layer in self._layers)

    @property
    def float_exact(self) -> bool:
        """Whether `weights` and `biases` are the exact values."""
        return all(layer.float_exact for layer in self._layers)

    @property
    def exact(self) -> ExactView:
        """The exact values, as flint rationals (built on first use)."""
        if self._exact is None:
            weights, biases = zip(*(layer.exact for layer in self._layers), strict=True)
            object.__setattr__(self, "_exact", ExactView(weights, biases))
        return self._exact  # type: ignore[return-value]

    @property
    def input_dim(self) -> int:
        """The number of inputs; zero only for a restriction to a point."""
        return self._layers[0].shape[1]

    @property
    def output_dim(self) -> int:
        """The number of outputs."""
        return self._layers[-1].shape[0]

    @property
    def widths(self) -> tuple[int, ...]:
        """The number of neurons of each hidden layer."""
        return tuple(layer.shape[0] for layer in self._layers[:-1])

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return len(self._layers) - 1

    @property
    def num_neurons(self) -> int:
        """The number of hidden neurons."""
        return sum(self.widths)

    def preactivations(self, x: ArrayLike) -> list[NDArray[np.float64]]:
        """The pre-activations of every hidden layer, in floats.

        Parameters
        ----------
        x : array of shape (d,) or (m, d)

        Returns
        -------
        list of arrays of shape (width,) or (m, width), one per hidden layer
        """
        return values.traced(self._layers, x)[:-1]

    def forward(self, x: ArrayLike) -> NDArray[np.float64]:
        """The outputs in float64 arithmetic, of shape (out,) or (m, out).

        Parameters
        ----------
        x : array of shape (d,) or (m, d)
        """
        return values.traced(self._layers, x)[-1]

    __call__ = forward

    def preactivations_exact(self, x: Iterable[Any]) -> list[tuple[Fraction, ...]]:
        """The exact pre-activations of every hidden layer at one point."""
        return [tuple(map(fraction, layer)) for layer in values.traced_exact(self._layers, x)[:-1]]

    def forward_exact(self, x: Iterable[Any]) -> tuple[Fraction, ...]:
        """The exact outputs at one point of d numbers, of any type that the weights may have.

        Examples
        --------
        >>> ReluNetwork([[["1/3"]]], [[0]]).forward_exact([0.5])
        (Fraction(1, 6),)
        """
        return tuple(map(fraction, values.traced_exact(self._layers, x)[-1]))

    def pattern(self, x: Iterable[Any]) -> Pattern:
        """The activation pattern at a point, decided exactly.

        A neuron is active when its pre-activation is positive; at zero it is inactive.

        Returns
        -------
        tuple (one per hidden layer) of tuples of bool

        Examples
        --------
        >>> ReluNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]]).pattern([0.5])
        ((True, False),)
        """
        return tuple(
            tuple(value > 0 for value in layer)
            for layer in values.traced_exact(self._layers, x)[:-1]
        )

    def affine_map(
        self, pattern: Sequence[Sequence[bool]]
    ) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
        """The exact affine map x -> A x + c that the network is where it has this pattern.

        Parameters
        ----------
        pattern : for each hidden layer, one bool per neuron
            It need not be realised anywhere.

        Returns
        -------
        A : object array of Fractions, of shape (out, d)
        c : object array of Fractions, of shape (out,)

        Raises
        ------
        ShapeError
            When the pattern does not have one entry per neuron.

        Examples
        --------
        >>> net = ReluNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]])
        >>> net.affine_map([[False, True]])
        (array([[Fraction(-1, 1)]], dtype=object), array([Fraction(0, 1)], dtype=object))
        """
        matrix, vector = values.collapsed(self._layers, pattern)
        return fraction_array(matrix), fraction_array(fmpq_mat(len(vector), 1, vector))[:, 0]

    def affine_map_float(
        self, pattern: Sequence[Sequence[bool]]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """`affine_map` in float64 arithmetic."""
        return values.collapsed_float(self._layers, pattern)

    def compose(self, other: ReluNetwork) -> ReluNetwork:
        """The network x -> self(other(x)), exactly.

        The output layer of ``other`` is merged with the first layer of ``self``.
        """
        return self._of(algebra.composed(self._layers, other._layers))

    def restrict(self, A: Any, b: Any) -> ReluNetwork:
        """The network t -> self(A t + b), exactly: a slice of the input space.

        Parameters
        ----------
        A : (d, k) numbers
            k = 0 restricts to a point.
        b : d numbers

        Returns
        -------
        ReluNetwork
            Where floats would round, the result holds rationals (``float_exact`` is False).

        Examples
        --------
        >>> net = ReluNetwork([[[1, 2]]], [[0]])
        >>> net.restrict([[1], [1]], ["1/3", 0]).exact.biases
        ([1/3],)
        """
        inner = AffineLayer.of(*_affine(A, b, self.input_dim))
        return self._of(algebra.composed(self._layers, (inner,)))

    def parallel(self, other: ReluNetwork) -> ReluNetwork:
        """The network x -> (self(x), other(x)).

        The shallower network is deepened by identity layers after its last hidden layer, which
        add no new breaks. An affine map has no hidden layer; beside a deeper network each of its
        outputs y passes as relu(y) - relu(-y), which breaks at y = 0 without changing the sum.
        """
        return self._of(algebra.parallel(self._layers, other._layers))

    def add(self, other: ReluNetwork) -> ReluNetwork:
        """The network x -> self(x) + other(x), built as in `parallel`."""
        return self._of(algebra.added(self._layers, other._layers))

    def scale(self, c: Any) -> ReluNetwork:
        """The network x -> c self(x), for an exact number c of either sign."""
        return self._of(algebra.scaled(self._layers, rational(c)))

    def select(self, outputs: int | Sequence[int]) -> ReluNetwork:
        """The network with only the listed outputs, in the listed order.

        Raises
        ------
        InvalidInput
            When the list is empty or an index is not in 0, ..., output_dim - 1.
        """
        chosen = [outputs] if isinstance(outputs, (int, np.integer)) else list(outputs)
        if not chosen or not all(0 <= i < self.output_dim for i in chosen):
            raise InvalidInput(
                f"outputs must be indices from 0 to {self.output_dim - 1}, got {outputs!r}"
            )
        return self._of(algebra.selected(self._layers, chosen))

    def to_dict(self) -> dict[str, Any]:
        """The network as a JSON object with rationals as text (see `network_io`)."""
        return io.encode(self._layers)

    @classmethod
    def from_dict(cls, data: Any) -> ReluNetwork:
        """The network that `to_dict` wrote."""
        return cls(*io.decode(data))

    def save(self, path: str | Path) -> None:
        """Write the exact network to a .json or .npz file."""
        io.write_file(self._layers, path)

    @classmethod
    def load(cls, path: str | Path) -> ReluNetwork:
        """Read a network that `save` wrote; equal to the one that was saved."""
        return cls(*io.read_file(path))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ReluNetwork):
            return NotImplemented
        return self._layers == other._layers

    def __hash__(self) -> int:
        return hash(self._layers)

    def __reduce__(self) -> tuple[Any, ...]:
        return ReluNetwork, io.plain(self._layers)

    def __repr__(self) -> str:
        return io.spelled(self._layers)


def _affine(A: Any, b: Any, rows: int) -> tuple[fmpq_mat, list[fmpq]]:
    matrix, vector = rational_matrix(A, name="A"), rational_vector(b, name="b")
    if matrix.nrows() != rows or len(vector) != rows:
        raise ShapeError(
            f"A must have shape ({rows}, k) and b {rows} entries, one per input, got "
            f"({matrix.nrows()}, {matrix.ncols()}) and {len(vector)}"
        )
    return matrix, vector
