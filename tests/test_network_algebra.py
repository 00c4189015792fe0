"""Operations on networks: equal, in exact values, to the operations on the functions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relu_theory import ReluNetwork
from relu_theory.errors import InvalidInput, ShapeError
from tests import strategies as own


@given(st.data(), st.integers(1, 3))
def test_compose(data: st.DataObject, middle: int) -> None:
    outer, inner = data.draw(own.networks(middle)), data.draw(own.networks(outputs=middle))
    net = outer.compose(inner)
    x = data.draw(own.points(inner.input_dim))
    assert net.forward_exact(x) == outer.forward_exact(inner.forward_exact(x))
    assert net.widths == inner.widths + outer.widths
    assert net.pattern(x) == inner.pattern(x) + outer.pattern(inner.forward_exact(x))


@given(own.networks(), st.integers(0, 3), st.data())
def test_restrict(net: ReluNetwork, k: int, data: st.DataObject) -> None:
    A = [data.draw(own.vectors(k)) for _ in range(net.input_dim)]
    b = data.draw(own.vectors(net.input_dim))
    t = data.draw(own.points(k))
    x = [sum(a * s for a, s in zip(r, t, strict=True)) + c for r, c in zip(A, b, strict=True)]
    slice_ = net.restrict(A, b)
    assert slice_.input_dim == k
    assert slice_.forward_exact(t) == net.forward_exact(x)
    assert slice_.pattern(t) == net.pattern(x)


def test_restrict_holds_rationals_where_floats_would_round() -> None:
    net = ReluNetwork([np.array([[0.1]])], [np.array([0.1])])
    tenth = Fraction(0.1)
    slice_ = net.restrict(np.array([[0.1]]), [0])
    assert not slice_.float_exact
    assert slice_.forward_exact([1]) == (tenth * tenth + tenth,)
    assert net.restrict([[2]], [0]).float_exact


@given(st.data(), st.integers(1, 3))
def test_parallel_and_add(data: st.DataObject, dim: int) -> None:
    first = data.draw(own.networks(dim))
    second = data.draw(own.networks(dim, outputs=first.output_dim))
    x = data.draw(own.points(dim))
    a, b = first.forward_exact(x), second.forward_exact(x)
    assert first.parallel(second).forward_exact(x) == a + b
    assert first.add(second).forward_exact(x) == tuple(u + v for u, v in zip(a, b, strict=True))
    assert first.add(second).depth == max(first.depth, second.depth)


def test_deepening_adds_no_break() -> None:
    shallow = ReluNetwork([[[1]], [[1]]], [[0], [0]])
    deep = ReluNetwork([[[1]], [[1]], [[1]]], [[-1], [-1], [0]])
    both = shallow.parallel(deep)
    assert both.widths == (2, 2)
    assert [both.pattern([x])[1] for x in (-1, "1/2", 3)] == [
        (False, False),
        (True, False),
        (True, True),
    ]


def test_an_affine_map_passes_as_a_difference() -> None:
    both = ReluNetwork([[[2]]], [[-1]]).parallel(ReluNetwork([[[1]], [[1]]], [[0], [0]]))
    assert both.widths == (3,)
    assert [both.forward_exact([x]) for x in (-1, 0, 1)] == [(-3, 0), (-1, 0), (1, 1)]


@given(own.networks(), own.rationals(), st.data())
def test_scale_and_select(net: ReluNetwork, factor: Fraction, data: st.DataObject) -> None:
    x = data.draw(own.points(net.input_dim))
    outputs = data.draw(st.lists(st.integers(0, net.output_dim - 1), min_size=1, max_size=3))
    values = net.forward_exact(x)
    assert net.scale(factor).forward_exact(x) == tuple(factor * v for v in values)
    assert net.select(outputs).forward_exact(x) == tuple(values[i] for i in outputs)
    assert net.select(outputs[0]).forward_exact(x) == (values[outputs[0]],)


def test_sizes_that_do_not_fit() -> None:
    one, two = ReluNetwork([[[1]]], [[0]]), ReluNetwork([[[1, 0], [0, 1]]], [[0, 0]])
    with pytest.raises(ShapeError, match="inner map has 1 outputs but the outer one takes 2"):
        two.compose(one)
    with pytest.raises(ShapeError, match="they have 1 and 2 inputs"):
        one.parallel(two)
    with pytest.raises(ShapeError, match="they have 2 and 1"):
        two.add(two.select(0))
    with pytest.raises(ShapeError, match=r"A must have shape \(2, k\)"):
        two.restrict([[1]], [0])
    for outputs in ([], [2], -1):
        with pytest.raises(InvalidInput, match="indices from 0 to 1"):
            two.select(outputs)
    with pytest.raises(InvalidInput, match="nan"):
        one.scale(float("nan"))
