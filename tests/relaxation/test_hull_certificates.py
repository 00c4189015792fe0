"""Multi-neuron bounds come with proofs; altered ones are refused."""

import copy
import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import Box, regions
from relu_theory.errors import CertificateError, TooLarge
from relu_theory.relaxation import (
    BoundsCertificate,
    bounds,
    check_hulls,
    exactness,
    hull_certificate,
)
from relu_theory.theorems.mao2026_multineuron import barrier, nested
from tests.relaxation.test_bounds import MAX, SQUARE, gaussian
from tests.strategies import boxes, networks

KINDS = [{}, {"group": 1}, {"group": 2}, {"group": 2, "over": "preactivations"}]


def proved(net, box, **kind):
    found = bounds(net, box, "multineuron", **kind)
    data = found.certificate().data
    assert BoundsCertificate(data).check(net, box)
    lower, upper = check_hulls.check(data)
    assert (tuple(lower), tuple(upper)) == (found.lower, found.upper)
    return data


@pytest.mark.parametrize("kind", KINDS)
def test_known_bounds(kind):
    proved(MAX, SQUARE, **kind)
    proved(barrier(7), Box(-1, 1, dim=1), **kind)
    proved(nested(3), Box(0, 1, dim=3), **kind)
    proved(MAX, Box([0, 1], [0, 1]), **kind)
    proved(gaussian([2, 3, 3, 1], 1), Box(-1, 1, dim=2), **kind)


@settings(max_examples=15)
@given(st.data(), st.integers(1, 2), st.sampled_from(KINDS))
def test_all_bounds_are_proved(data, dim, kind):
    net, box = data.draw(networks(dim, max_width=3, max_depth=2)), data.draw(boxes(dim))
    proved(net, box, **kind)


def mutated(data):
    """Copies with one claim, half-space, slope or multiplier changed to the better."""
    step = Fraction(1, 10**9)

    def changed(*path, by=step):
        other = copy.deepcopy(data)
        part = other
        for key in path[:-1]:
            part = part[key]
        part[path[-1]] = str(Fraction(part[path[-1]]) + by)
        return other

    for i, layer in enumerate(data["layers"]):
        yield changed("layers", i, "lower", 0)
        yield changed("layers", i, "upper", 0, by=-step)
        for k, proof in enumerate(layer["proof"]):
            for m, _ in enumerate(proof):
                yield changed("layers", i, "proof", k, m, 1)
        for k, row in enumerate(layer.get("rows", ())):
            yield changed("layers", i, "rows", k, len(row) - 1, by=-step)
            for c, case in enumerate(layer["cases"][k]):
                for m, _ in enumerate(case["multipliers"]):
                    yield changed("layers", i, "cases", k, c, "multipliers", m, 1)
        for k, facet in enumerate(layer.get("facets", ())):
            yield changed("layers", i, "facets", k, len(facet) - 1, by=-step)
    for path in (("box", "upper", 0), ("network", "weights", 0, 0, 0), ("network", "biases", 0, 0)):
        yield changed(*path)
    for key in ("cases", "multipliers", "rows", "facets"):
        other = copy.deepcopy(data)
        del other["layers"][0][key][-1]
        yield other
    other = copy.deepcopy(data)
    del other["layers"][0]["cases"][0][0]
    yield other
    other = copy.deepcopy(data)
    other["layers"][0]["cases"][0][0]["slopes"][0] = "11/10"
    yield other
    other = copy.deepcopy(data)
    other["layers"][0]["multipliers"][0] = [[0, "-1"]]
    yield other


@pytest.mark.parametrize("kind", KINDS)
def test_mutated_certificates_are_refused(kind):
    data = bounds(MAX, Box([0, "1/3"], [1, 2]), "multineuron", **kind).certificate().data
    assert check_hulls.check(data)
    count = 0
    for other in mutated(data):
        count += 1
        with pytest.raises(CertificateError, match="refused"):
            BoundsCertificate(other).check()
    assert count > 30


def test_another_question_and_the_file(tmp_path):
    certificate = bounds(MAX, SQUARE, "multineuron").certificate()
    with pytest.raises(CertificateError, match="another network"):
        certificate.check(MAX.scale(2))
    with pytest.raises(CertificateError, match="another box"):
        certificate.check(MAX, Box(0, 2, dim=2))
    certificate.save(tmp_path / "bounds.json")
    command = [sys.executable, "-I", check_hulls.__file__, str(tmp_path / "bounds.json")]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout == "['0'] ['1']\n"


def test_the_checker_is_short_and_needs_the_standard_library_only():
    with open(check_hulls.__file__, encoding="ascii") as file:
        lines = file.readlines()
    assert len(lines) < 150
    imports = {line.split()[1] for line in lines if line.startswith(("import", "from"))}
    assert imports <= {"json", "sys", "fractions", "itertools"}


def test_exactness_is_checked_again():
    found = exactness(MAX, SQUARE, "multineuron")
    assert (found.gap, found.check()) == (0, True)
    assert regions.output_range(MAX, SQUARE)[0].maximum == found.relaxed.upper[0]


def test_too_many_cases(monkeypatch):
    monkeypatch.setattr(hull_certificate, "MOST_CASES", 1)
    with pytest.raises(TooLarge, match="cases"):
        bounds(barrier(1), Box(-1, 1, dim=1), "multineuron").certificate()
