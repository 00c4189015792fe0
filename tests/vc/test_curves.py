"""Curves of one group-convolutional unit: a second route to its labelings, and the search."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import vc
from relu_theory.errors import InvalidInput


@settings(max_examples=60)
@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 10**9), st.booleans())
def test_curves_against_the_search(order: int, m: int, seed: int, ties: bool) -> None:
    rng = np.random.default_rng(seed)
    reach = 2 if ties else 40
    points = np.unique(rng.integers(-reach, reach + 1, (m, order)), axis=0).tolist()
    net = vc.GroupConv(vc.cyclic(order))
    listed = {sum(1 << i for i, one in enumerate(w) if one) for w in vc.labelings(net, points)}
    assert vc.curve_labelings(net, points) == listed


def test_another_kernel() -> None:
    net = vc.GroupConv(vc.cyclic(3), kernels=((1, -2, "1/2"),))
    points = [[1, 0, 4], [2, 2, -1], [0, 5, 1], [3, -4, 2]]
    assert len(vc.curve_labelings(net, points)) == vc.growth(net, points)


def test_the_search_finds_shattered_functions() -> None:
    net = vc.GroupConv(vc.cyclic(4))
    points = vc.search_functions(net, 4, np.random.default_rng(0))
    assert vc.shatters(net, points).certificate.check()["kind"] == "shattered"
    found = vc.dimension(net, tries=20)
    assert (found.lower, found.upper) == (4, 6)


def test_other_classes_have_no_curves() -> None:
    for net in (vc.GroupConv(vc.cyclic(2), units=2), vc.GroupConv(vc.cyclic(2), signed=True)):
        with pytest.raises(InvalidInput, match="one unit"):
            vc.curve_labelings(net, [[0, 1]])
