"""The network of a realised labeling."""

from itertools import product
from typing import Any

import pytest

from relu_theory import vc
from relu_theory.errors import InvalidInput

POINTS = [[1, 0], [0, 1], [1, 1], [-1, 2]]


@pytest.mark.parametrize(
    "architecture",
    [
        vc.Halfspaces(2),
        vc.Halfspaces(2, homogeneous=True),
        vc.OneHidden(2, 1),
        vc.OneHidden(2, 1, skip=True),
        vc.OneHidden(2, 2, output_bias=False),
        vc.OneHidden(2, 1, skip=True, output_bias=False),
    ],
    ids=str,
)
def test_the_network_has_the_labels(architecture: Any) -> None:
    realised = 0
    for labels in product((0, 1), repeat=len(POINTS)):
        found = vc.realises(architecture, POINTS, labels)
        if isinstance(found, vc.Realisation):
            net = found.network(architecture)
            assert [int(net.forward_exact(x)[0] > 0) for x in POINTS] == list(labels)
            realised += 1
    assert realised == vc.growth(architecture, POINTS)


def test_another_architecture_is_refused() -> None:
    found = vc.realises(vc.Halfspaces(2), POINTS, [1, 1, 1, 1])
    with pytest.raises(InvalidInput, match="must have 4 and 1 entries"):
        found.network(vc.OneHidden(2, 1))
    with pytest.raises(InvalidInput, match="Halfspaces or OneHidden"):
        found.network(vc.Unions(2, 2))
