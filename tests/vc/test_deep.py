"""Deep networks: what descent finds is confirmed exactly; the certificate is evaluated afresh."""

from copy import deepcopy
from typing import Any

import pytest

from relu_theory import vc
from relu_theory.errors import CertificateError, InvalidInput, TooLarge

PLANE = [[0, 0], [3, 1], [1, 3], [-2, 2], [-1, -3], [2, -2], [-3, -1], [4, 4]]


@pytest.fixture(scope="module")
def found() -> dict:
    made = vc.shatter_by_descent(vc.DeepNetwork((1, 3, 2, 1)), [[t] for t in range(5)])
    assert made is not None
    return made.data


def test_two_hidden_layers_shatter_eight_points() -> None:
    made = vc.shatter_by_descent(vc.DeepNetwork((2, 2, 2, 1)), PLANE)
    assert made is not None
    assert len(made.check()["points"]) == 8


def test_one_hidden_layer_agrees_with_the_exact_decision() -> None:
    line = [[t] for t in range(5)]
    assert vc.shatter_by_descent(vc.DeepNetwork((1, 3, 1)), line) is not None
    assert vc.shatters(vc.OneHidden(1, 3), line)
    assert vc.shatter_by_descent(vc.DeepNetwork((1, 2, 1)), line[:4], rounds=1) is None
    assert not vc.shatters(vc.OneHidden(1, 2), line[:4])


def test_brackets_of_deep_networks() -> None:
    net = vc.DeepNetwork((1, 2, 2, 1))
    found = vc.dimension(net, tries=2)
    assert 5 <= found.lower < found.upper == vc.bounds.bartlett2019_growth(net.widths)
    assert len(found.certificate.check()["points"]) == found.lower
    assert found.upper_certificate.check()["upper"] == found.upper
    data = deepcopy(found.upper_certificate.data)
    data["statement"]["upper"] -= 1
    with pytest.raises(CertificateError, match="refused"):
        vc.ShatteringCertificate(data).check()


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["proof"].pop(next(iter(d["proof"]))),
        lambda d: next(iter(d["proof"].values())).pop(),
        lambda d: next(iter(d["proof"].values()))[0]["biases"].append("0"),
        lambda d: d["proof"]["01010"][-1].__setitem__("biases", ["1000000"]),
        lambda d: d["proof"]["01010"][0]["weights"][0].append("1"),
        lambda d: d["statement"]["points"].__setitem__(1, ["0"]),
        lambda d: d["statement"]["architecture"].__setitem__("widths", [1, 2, 3, 1]),
        lambda d: d["statement"]["architecture"].__setitem__("widths", [1, 2, 2, 2]),
    ],
)
def test_altered_weights_are_refused(found: dict, change: Any) -> None:
    data = deepcopy(found)
    change(data)
    with pytest.raises(CertificateError, match="refused"):
        vc.ShatteringCertificate(data).check()


def test_errors_of_deep_networks() -> None:
    for wrong in [(2, 1), (2, 3, 2), (2, 0, 1), (2, True, 1)]:
        with pytest.raises(InvalidInput, match="widths"):
            vc.DeepNetwork(wrong)
    with pytest.raises(TooLarge, match="14 points"):
        vc.shatter_by_descent(vc.DeepNetwork((1, 2, 1)), [[i] for i in range(15)])
