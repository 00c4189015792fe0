"""The ACAS Xu networks where RELU_THEORY_ACASXU names their folder, and small ones like them."""

import json
import os
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from relu_theory import InvalidInput, acasxu, cli, families, load_certificate, regions
from relu_theory.interop.nnet import to_nnet

DATA = Path(os.environ.get("RELU_THEORY_ACASXU", "absent"))
COUNTS = {
    (3, "1_1"): 71930, (3, "2_9"): 189, (3, "3_3"): 7935,
    (4, "1_1"): 19143, (4, "2_9"): 157, (4, "3_3"): 1201,
}  # fmt: skip
with_data = pytest.mark.skipif(
    not list(DATA.glob("*.nnet")), reason="RELU_THEORY_ACASXU names no folder with .nnet files"
)


@pytest.fixture
def folder(tmp_path) -> Path:
    """Two networks with 5 inputs and 5 scores that bend inside the boxes of the properties."""
    for seed, name in enumerate(("1_1", "3_3")):
        net = families.gaussian(5, [3, 2], seed, outputs=5)
        centre = np.array([1650.0, 0.0, 1.6, 1100.0, 850.0])
        scale = np.array([300.0, 0.12, 4.0, 400.0, 500.0])
        inner = net.restrict(np.diag(1 / scale), -centre / scale)
        weights, biases = inner.weights, inner.biases
        path = tmp_path / f"ACASXU_run2a_{name}_batch_2000.nnet"
        to_nnet(type(net)(weights, biases), path, lower=[-1e5] * 5, upper=[1e5] * 5)
    return tmp_path


def test_the_answers_are_those_of_the_engine(folder):
    files = acasxu.find(folder)
    assert list(files) == ["1_1", "3_3"]
    for found in acasxu.answers(files):
        net, box = files[found.network].raw_network(), acasxu.PROPERTIES[found.phi]
        # Means are 0 and ranges 1, so that rounding the box is all that differs.
        assert found.regions == len(list(regions.cells(net, box))) >= 2
        assert found.normalised >= 2
        for k, one in enumerate(found.ranges):
            assert net.forward_exact(one.argmin)[k] == one.minimum <= one.maximum
            assert box.contains(one.argmax)
            assert net.forward_exact(one.argmax)[k] == one.maximum


def test_the_boxes_are_exact_decimals():
    assert acasxu.PROPERTIES[3].upper[2] == Fraction(3141593, 10**6)
    assert acasxu.PROPERTIES[4].lower[2] == acasxu.PROPERTIES[4].upper[2] == 0
    assert acasxu.PROPERTIES[1].lower[0] == Fraction(55947691, 1000)


def test_command(folder, tmp_path, capsys):
    out = tmp_path / "out"
    arguments = ["--json", str(tmp_path / "a.json"), "--certificates", str(out)]
    arguments += ["--plot", str(tmp_path / "a.png"), "--networks", "3_3", "--properties", "4"]
    assert cli.main(["acasxu", str(folder), *arguments]) == 0
    (row,) = json.loads((tmp_path / "a.json").read_text())
    assert f"3_3 phi_4: {row['regions']} regions" in capsys.readouterr().out
    low = row["scores"]["clear of conflict"]
    net = acasxu.find(folder)["3_3"].raw_network()
    assert net.forward_exact(low["argmin"])[0] == Fraction(low["minimum"])
    certificate = load_certificate(out / "acasxu_3_3_phi_4.json.gz")
    assert certificate.check(net, acasxu.PROPERTIES[4])
    assert certificate.claim.count == row["regions"]
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_missing_networks_are_named(folder, tmp_path, capsys):
    assert cli.main(["acasxu", str(folder), "--networks", "2_9"]) == 2
    assert "2_9 not found" in capsys.readouterr().err
    with pytest.raises(InvalidInput, match="any not found"):
        acasxu.find(tmp_path / "nothing")


def test_a_slice_along_an_input_that_does_not_vary_is_refused(folder, tmp_path):
    with pytest.raises(InvalidInput, match="psi does not"):
        acasxu.draw_slices(acasxu.find(folder), tmp_path / "a.png", [4], axes=(1, 2))


@with_data
@pytest.mark.parametrize(("phi", "name"), COUNTS)
def test_counts(phi, name):
    (file,) = acasxu.find(DATA, [name]).values()
    assert regions.count(file.raw_network(), acasxu.PROPERTIES[phi]) == COUNTS[phi, name]


@with_data
@pytest.mark.heavy
def test_count_of_the_large_box():
    (file,) = acasxu.find(DATA, ["1_1"]).values()
    assert regions.count(file.raw_network(), acasxu.PROPERTIES[1], workers=2) == 39835


@with_data
@pytest.mark.parametrize("phi", [3, 4])
def test_scores_at_random_points_are_in_range(phi):
    (file,) = acasxu.find(DATA, ["2_9"]).values()
    found, box = acasxu.answer(file, "2_9", phi), acasxu.PROPERTIES[phi]
    low, up = np.array(box.lower, float), np.array(box.upper, float)
    points = np.random.default_rng(0).uniform(low, up, (2000, 5))
    scores = file.raw_network().forward(points)
    assert all(scores[:, k].min() > float(r.minimum) - 1e-9 for k, r in enumerate(found.ranges))
    assert all(scores[:, k].max() < float(r.maximum) + 1e-9 for k, r in enumerate(found.ranges))
    certificate = regions.certify(file.raw_network(), box)
    assert certificate.check(file.raw_network(), box)
    assert certificate.claim.count == found.regions
