"""Files hold networks losslessly, and anything else is refused."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from relu_theory import ReluNetwork
from relu_theory.errors import InvalidInput, ShapeError
from tests import strategies as own

HARD = ReluNetwork([np.array([[0.1, 5e-324]]), [["1/3"]]], [[1e300], [10**400]])


@pytest.mark.parametrize("suffix", [".json", ".npz"])
@given(net=own.networks())
def test_round_trip(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, net: ReluNetwork
) -> None:
    path = tmp_path_factory.mktemp("files") / f"net{suffix}"
    net.save(path)
    assert ReluNetwork.load(path) == net


@pytest.mark.parametrize("suffix", [".json", ".npz"])
def test_extreme_numbers_come_back(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"net{suffix}"
    HARD.save(str(path))
    assert ReluNetwork.load(str(path)) == HARD


def test_a_restriction_to_a_point_comes_back(tmp_path: Path) -> None:
    point = ReluNetwork([[[1, 2]]], [["1/3"]]).restrict([[], []], [0, 0])
    for name in ("p.json", "p.npz"):
        point.save(tmp_path / name)
        assert ReluNetwork.load(tmp_path / name) == point


def test_the_json_is_readable(tmp_path: Path) -> None:
    path = tmp_path / "net.json"
    ReluNetwork([[[0.5, "1/3"]]], [[-2]]).save(path)
    assert json.loads(path.read_text()) == {
        "format": "relu_theory.network",
        "version": 1,
        "weights": [[["1/2", "1/3"]]],
        "biases": [["-2"]],
    }


def test_npz_of_floats_holds_floats(tmp_path: Path) -> None:
    path = tmp_path / "net.npz"
    ReluNetwork([np.array([[0.1]])], [np.zeros(1)]).save(path)
    with np.load(path) as arrays:
        assert arrays["weights_0"].dtype == np.float64


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        ([], InvalidInput, "format"),
        ({"format": "another"}, InvalidInput, "format"),
        ({"format": "relu_theory.network", "version": 2}, InvalidInput, "version must be 1, got 2"),
        ({"format": "relu_theory.network", "version": 1, "weights": []}, InvalidInput, "biases"),
        (
            {"format": "relu_theory.network", "version": 1, "weights": [[["1"]]], "biases": [[]]},
            ShapeError,
            "0 entries",
        ),
    ],
)
def test_other_json_is_refused(data: object, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        ReluNetwork.from_dict(data)


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"\.json or \.npz"):
        HARD.save(tmp_path / "net.txt")
    with pytest.raises(InvalidInput, match=r"\.json or \.npz"):
        ReluNetwork.load(tmp_path / "net")
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(InvalidInput, match=r"bad\.json is not a JSON file"):
        ReluNetwork.load(tmp_path / "bad.json")
    np.savez(tmp_path / "bad.npz", weights_0=np.ones((1, 1)))
    with pytest.raises(InvalidInput, match="must hold weights_0, biases_0"):
        ReluNetwork.load(tmp_path / "bad.npz")
