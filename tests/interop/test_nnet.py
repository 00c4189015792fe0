"""The .nnet reader against exact evaluation of the file's decimals."""

import os
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from relu_theory import Box, ReluNetwork
from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.interop import from_nnet, nnet, read_nnet, to_nnet
from tests import strategies as own

SMALL = """\
// A comment, and an empty line:

2,2,1,3,
2,3,1,
0, // the unused flag
-1.0,0.1,
1.0,3.7,
0.25,1.1,7.5,
2.0,0.3,373.94992,
0.1,-2.0e-1,
0.30,1.0,
-1,.5,
0.1,
0.0,
-0.2,
1.0,2.0,-3.1,
0.7,
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.nnet"
    path.write_text(SMALL)
    return path


def by_hand(x: list[Fraction]) -> Fraction:
    """The network of SMALL: weights are floats, means and ranges are decimals."""
    u = (x[0] - Fraction("0.25")) / 2
    v = (x[1] - Fraction("1.1")) / Fraction("0.3")
    hidden = [
        Fraction(0.1) * u + Fraction(-0.2) * v + Fraction(0.1),
        Fraction(0.3) * u + v,
        -u + Fraction(0.5) * v + Fraction(-0.2),
    ]
    on = [max(h, Fraction(0)) for h in hidden]
    y = on[0] + 2 * on[1] + Fraction(-3.1) * on[2] + Fraction(0.7)
    return y * Fraction("373.94992") + Fraction("7.5")


@pytest.mark.parametrize("x", [(0, 1), (1, "3.7"), (-1, "0.1"), ("0.3", 2), (5, 9)])
def test_normalisation_is_composed_exactly(small: Path, x: tuple) -> None:
    assert from_nnet(small).forward_exact(x) == (by_hand([Fraction(v) for v in x]),)


def test_the_plain_network_and_its_constants(small: Path) -> None:
    file = read_nnet(small)
    assert file.network == from_nnet(small, normalise=False)
    assert file.network.float_exact
    assert file.network.weights[0].tolist() == [[0.1, -0.2], [0.3, 1.0], [-1.0, 0.5]]
    assert file.minima == (-1, Fraction(1, 10))
    assert file.maxima == (1, Fraction(37, 10))
    assert file.means == (Fraction(1, 4), Fraction(11, 10))
    assert file.ranges == (2, Fraction(3, 10))
    assert (file.output_mean, file.output_range) == (Fraction(15, 2), Fraction("373.94992"))


def test_normalised_box(small: Path) -> None:
    box = read_nnet(small).normalised_box(Box([0, "1.1"], [1, "1.4"]))
    assert box == Box(["-1/8", 0], ["3/8", 1])
    with pytest.raises(ShapeError, match="2 inputs"):
        read_nnet(small).normalised_box(Box(0, 1, dim=3))


@given(net=own.networks(max_width=3))
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, net: ReluNetwork) -> None:
    floats = ReluNetwork(net.weights, net.biases)
    path = tmp_path_factory.mktemp("nnet") / "net.nnet"
    to_nnet(floats, path, lower=-1, upper="0.5")
    assert from_nnet(path) == floats
    assert read_nnet(path).maxima == (Fraction(1, 2),) * net.input_dim


def test_weights_that_a_file_cannot_hold_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="float64"):
        to_nnet(ReluNetwork([[["1/3"]]], [[0]]), tmp_path / "x.nnet", lower=0, upper=1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("0.30,1.0,", "0.30,1.0,2.0,", "line 11: 2 numbers are required, got 3"),
        ("0.30,1.0,", "0.30,x,", "line 11: a decimal number is required, got 'x'"),
        ("2.0,0.3,373.94992", "2.0,0,373.94992", "every range must be positive"),
        ("2,3,1,", "2,3,2,", r"must go from 2 to 1"),
        ("2,3,1,", "2,-3,1,", "line 4: sizes must be positive"),
        ("1.0,2.0,-3.1,\n0.7,\n", "1.0,2.0,-3.1,\n", "must have more lines"),
        ("0.7,\n", "0.7,\n1.0,\n", "line 18: the file must end after the biases"),
        ("0.30,1.0,", "0.30,nan,", r"weights\[0\]\[1, 1\] is nan"),
        ("-1.0,0.1,", "nan,0.1,", "line 6: a finite|line 6: a decimal"),
    ],
)
def test_bad_files_are_named(small: Path, old: str, new: str, message: str) -> None:
    small.write_text(SMALL.replace(old, new))
    with pytest.raises(InvalidInput, match=message):
        from_nnet(small)


def test_the_self_check_can_fail(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    true = nnet._plain_values
    monkeypatch.setattr(nnet, "_plain_values", lambda path, x: true(path, x) + 1e-3)
    with pytest.raises(InvalidInput, match=r"small\.nnet was read, but"):
        from_nnet(small)


ACAS = sorted(Path(os.environ.get("RELU_THEORY_ACASXU", "absent")).glob("*.nnet"))


@pytest.mark.skipif(not ACAS, reason="RELU_THEORY_ACASXU names no folder with .nnet files")
@pytest.mark.parametrize("path", ACAS, ids=[path.stem for path in ACAS])
def test_acas_xu(path: Path) -> None:
    file, raw = read_nnet(path), from_nnet(path)
    assert raw.widths == (50,) * 6
    assert (raw.input_dim, raw.output_dim) == (5, 5)
    assert file.means[0] == Fraction("19791.091")
    rng = np.random.default_rng(1)
    x = rng.uniform(np.array(file.minima, float), np.array(file.maxima, float)).tolist()
    inner = [(Fraction(v) - m) / r for v, m, r in zip(x, file.means, file.ranges, strict=True)]
    expected = [y * file.output_range + file.output_mean for y in file.network.forward_exact(inner)]
    assert list(raw.forward_exact(x)) == expected
