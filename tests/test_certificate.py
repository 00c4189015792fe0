"""Verdicts, brackets, and the certificate as an object, a file and a target of alterations."""

from __future__ import annotations

import ast
import copy
import gzip
import json
import math
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from relu_theory import Ball, Box, Polytope, ReluNetwork, WholeSpace, check_certificate
from relu_theory.certificate import Bracket, Certificate, Verdict, load_certificate
from relu_theory.errors import CertificateError, InvalidInput, Undecided
from relu_theory.regions.certify import certificate_of_cells
from tests import oracles
from tests.regions.test_certify import oracle_cells

CHECKER = Path(check_certificate.__file__)
TRIANGLE = Polytope([[-1, 0, 0], [0, -1, 0], [0, 0, -1], [1, 1, 1], [-1, -1, -1]], [0, 0, 0, 1, -1])
PENCIL = ReluNetwork(
    [[[1, 0], [0, 1], [1, 1], [1, -1], [2, 1], [1, 2]], [[1, 1, 1, 1, 1, "1/3"]]],
    [["-1/4", "-1/2", "-3/4", "1/4", -1, "-5/4"], [0]],
)
TENTS = ReluNetwork([[[2, 0], [4, 0], [0, 2], [0, 4]], [[1, -1, 1, -1]]], [[0, -2, 0, -2], [0]])
DEEP = ReluNetwork(
    [[[2, -1, 0], [0, 1, 1], [0, 0, 0]], [[1, -1, 0], [-1, 2, 5]], [[1, 1]]],
    [[0, "-1/2", -1], ["-1/8", "-1/4"], ["1/3"]],
)


def certified(net, domain):
    return certificate_of_cells(net, domain, oracle_cells(net, domain))


PLANAR = certified(PENCIL, Box(-1, 1, dim=2))
UNBOUNDED = certified(TENTS, WholeSpace(2))
FLAT = certified(DEEP, TRIANGLE)
THREE = pytest.mark.parametrize(
    ("certificate", "count"),
    [(PLANAR, 12), (UNBOUNDED, 9), (FLAT, 5)],
    ids=["plane", "all", "flat"],
)


def leaves(node, path=()):
    """Paths to all numbers and strings of a JSON object."""
    if isinstance(node, (dict, list)):
        items = node.items() if isinstance(node, dict) else enumerate(node)
        for key, child in items:
            yield from leaves(child, (*path, key))
    else:
        yield path


def at(data, path):
    for key in path:
        data = data[key]
    return data


def altered(data, path, value):
    """A copy with one leaf replaced; what is not on the path is shared."""
    if not path:
        return value
    copied = copy.copy(data)
    copied[path[0]] = altered(data[path[0]], path[1:], value)
    return copied


def alterations(leaf):
    """Other values: every bit of a pattern, neighbours of a number, other types."""
    if isinstance(leaf, int):
        yield from (leaf + 1, leaf - 1, -leaf - 7, float(leaf), str(leaf), None)
        return
    yield from (leaf + "0", "-" + leaf, leaf[:-1], leaf + " ", None, [leaf])
    for i, symbol in enumerate(leaf[:40]):
        yield leaf[:i] + ("1" if symbol == "0" else "0") + leaf[i + 1 :]


def refuses(data):
    try:
        check_certificate.check(data)
    except check_certificate.Refused:
        return True
    return False


@THREE
def test_every_altered_leaf_is_refused(certificate, count):
    assert certificate.check()
    tried = 0
    for path in leaves(certificate.data):
        for value in alterations(at(certificate.data, path)):
            assert refuses(altered(certificate.data, path, value)), (path, value)
            tried += 1
    assert tried > 50 * count


@THREE
def test_the_claim_and_the_proof_hold_without_the_digest(certificate, count):
    """With the digest made to fit again, it is the mathematics that refuses."""
    for path in leaves(certificate.data):
        if path[:2] == ("statement", "regions") or path[0] == "proof":
            for value in alterations(at(certificate.data, path)):
                data = altered(certificate.data, path, value)
                data["digest"] = check_certificate.digest_of(data["statement"])
                assert refuses(data), (path, value)


@THREE
def test_every_removed_or_repeated_entry_is_refused(certificate, count):
    found = list(leaves(certificate.data))
    for path in {leaf[:n] for leaf in found for n in range(1, len(leaf) + 1)}:
        parent, key = at(certificate.data, path[:-1]), path[-1]
        fewer = (
            {k: v for k, v in parent.items() if k != key}
            if isinstance(parent, dict)
            else (parent[:key] + parent[key + 1 :])
        )
        more = parent | {"more": 0} if isinstance(parent, dict) else [*parent, parent[key]]
        for value in (fewer, more):
            data = altered(certificate.data, path[:-1], value)
            if isinstance(data.get("statement"), dict) and "digest" in data and path[0] == "proof":
                data["digest"] = check_certificate.digest_of(data["statement"])
            assert refuses(data), path


@THREE
def test_a_changed_weight_is_refused_although_the_regions_stay(certificate, count):
    data = copy.deepcopy(certificate.data)
    data["statement"]["network"]["biases"][-1][0] = "7"
    with pytest.raises(CertificateError, match="digest"):
        Certificate(data).check()
    data["digest"] = check_certificate.digest_of(data["statement"])
    changed = Certificate(data)
    assert changed.check()
    with pytest.raises(CertificateError, match="another network"):
        changed.check(certificate.network)


@THREE
def test_claim_and_interior_points(certificate, count):
    assert certificate.claim.count == count == len(certificate.claim.patterns)
    points = list(certificate.interior_points())
    assert len(points) == count
    for pattern, point in points:
        assert certificate.network.pattern(point) == pattern
        assert certificate.domain.contains(point)


def test_a_region_that_is_left_out_is_missed():
    for index in range(12):
        data = copy.deepcopy(PLANAR.data)
        regions, proof = data["statement"]["regions"], data["proof"]
        del regions["patterns"][index], proof["cells"][index]
        regions["count"] = 11
        data["digest"] = check_certificate.digest_of(data["statement"])
        with pytest.raises(CertificateError, match="not in two cells"):
            Certificate(data).check()


def test_half_a_region_does_not_pass_for_it():
    """|x| on [-1, 1] by cells [-1, 0] and [0, 1/2]: sound, but not complete."""
    net = ReluNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]])
    cells = [
        oracles.Cell(((False, True),), ((-1, 1), (0, 1)), ()),
        oracles.Cell(((True, False),), ((0, 1), (1, 2)), ()),
    ]
    with pytest.raises(CertificateError, match="do not close up"):
        certificate_of_cells(net, Box(-1, 1, dim=1), cells).check()
    cells[1] = oracles.Cell(((True, False),), ((0, 1), (1, 1)), ())
    assert certificate_of_cells(net, Box(-1, 1, dim=1), cells).check()


def test_a_vertex_in_the_middle_of_an_edge_is_refused():
    net = ReluNetwork([[[1, 1]]], [[0]])
    corners = [(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1)]
    square = Box(0, 1, dim=2)
    assert certificate_of_cells(net, square, [oracles.Cell((), tuple(corners), ())]).check()
    for extra in [(1, 0, 2), (1, 1, 2)]:
        with pytest.raises(CertificateError):
            certificate_of_cells(net, square, [oracles.Cell((), (*corners, extra), ())]).check()


def test_a_generator_outside_the_domain_is_refused():
    net = ReluNetwork([[[1]]], [[0]])
    cell = oracles.Cell((), ((0, 1), (2, 1)), ())
    with pytest.raises(CertificateError, match="not in the domain"):
        certificate_of_cells(net, Box(0, 1, dim=1), [cell]).check()
    cell = oracles.Cell((), ((0, 1), (1, 0)), ())
    with pytest.raises(CertificateError, match="not in the domain"):
        certificate_of_cells(net, Box(0, 1, dim=1), [cell]).check()


def test_other_questions_are_refused():
    assert PLANAR.check(PENCIL, Box(-1, 1, dim=2))
    square = Polytope([[2, 0], [-1, 0], [0, 1], [0, -3], [0, 1]], [2, 1, 1, 3, 1])
    assert PLANAR.check(domain=square)
    with pytest.raises(CertificateError, match="another network"):
        PLANAR.check(TENTS)
    for domain in (Box(-1, 2, dim=2), WholeSpace(2), WholeSpace(3), Box([-1, 0], [1, 0])):
        with pytest.raises(CertificateError, match="another domain"):
            PLANAR.check(domain=domain)
    with pytest.raises(InvalidInput, match="domain must be"):
        PLANAR.check(domain=Ball([0, 0], 1))


def test_network_and_domain_come_back():
    assert PLANAR.network == PENCIL
    assert PLANAR.domain == Box(-1, 1, dim=2)
    assert UNBOUNDED.domain == WholeSpace(2)
    assert isinstance(FLAT.domain, Polytope)
    assert FLAT.check(DEEP, FLAT.domain)
    assert "exactly 12 proper" in repr(PLANAR)


def test_flat_and_half_infinite_domains_come_back():
    net = ReluNetwork([[[1, 1]]], [[0]])
    for domain in (
        Box([0, "1/3"], [2, "1/3"]),
        Polytope([[1, 0]], [1]),
        Polytope([[1, 1]], ["1/2"]),
    ):
        certificate = certified(net, domain)
        assert certificate.check(net, domain)
        assert type(certificate.domain) is type(domain)


@THREE
def test_saved_certificates_check_in_a_fresh_process(certificate, count, tmp_path):
    checker = shutil.copy(CHECKER, tmp_path / "check.py")
    path = tmp_path / "certificate.json.gz"
    certificate.save(path)
    assert load_certificate(path) == certificate
    result = run_checker(checker, path)
    assert result.returncode == 0
    assert result.stdout.startswith("accepted")
    assert f"exactly {count} proper activation regions" in result.stdout
    data = copy.deepcopy(certificate.data)
    data["proof"]["cells"][0].pop()
    Certificate(data).save(path)
    result = run_checker(checker, path)
    assert result.returncode == 1
    assert result.stdout.startswith("refused: ")


def run_checker(checker, path):
    command = [sys.executable, "-I", "-S", str(checker), str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=path.parent)


def test_the_checker_reads_its_command_line(tmp_path, capsys):
    assert check_certificate.main([]) == 2
    assert check_certificate.main([str(tmp_path / "absent")]) == 1
    (tmp_path / "text").write_text("{}")
    assert check_certificate.main([str(tmp_path / "text")]) == 1
    whole = gzip.compress(json.dumps(PLANAR.data).encode())
    (tmp_path / "broken").write_bytes(whole[:60] + b"\x00\xff\x00" + whole[63:])
    assert check_certificate.main([str(tmp_path / "broken")]) == 1
    (tmp_path / "short").write_bytes(whole[:-20])
    assert check_certificate.main([str(tmp_path / "short")]) == 1
    assert capsys.readouterr().out.count("refused") == 4
    for name in ("text", "broken", "short"):
        with pytest.raises(CertificateError, match="not gzip-compressed JSON"):
            load_certificate(tmp_path / name)


def test_the_checker_imports_the_standard_library_only():
    tree = ast.parse(CHECKER.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(node.module.split(".")[0])
    assert names <= sys.stdlib_module_names
    assert "relu_theory" not in names


@pytest.mark.parametrize("data", [None, [], {}, 3, "text", {"format": check_certificate.FORMAT}])
def test_what_is_no_certificate_is_refused(data):
    assert refuses(data)


def test_verdicts_have_no_truth_value():
    with pytest.raises(InvalidInput, match=r"is Verdict\.HOLDS"):
        bool(Verdict.UNDECIDED)
    with pytest.raises(InvalidInput):
        bool(Verdict.HOLDS)


def test_brackets():
    assert Bracket(2, 2).value == 2
    assert 10**9 in Bracket(1, math.inf)
    assert 0 not in Bracket(1, math.inf)
    with pytest.raises(Undecided, match=r"\[1, 3\]") as caught:
        _ = Bracket(1, 3).value
    assert caught.value.bracket == Bracket(1, 3)
    with pytest.raises(InvalidInput, match="lower"):
        Bracket(3, 1)
