"""Finite classes: known dimensions, the brute-force oracle, certificates and their refusal."""

from copy import deepcopy
from itertools import combinations, product
from typing import Any

import numpy as np
import oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relu_theory import vc
from relu_theory.errors import CertificateError, InvalidInput, ShapeError, TooLarge

matrices = st.integers(1, 6).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 1), min_size=n, max_size=n), min_size=1, max_size=24)
)


def at_most(points: int, size: int) -> np.ndarray:
    sets = [c for k in range(size + 1) for c in combinations(range(points), k)]
    rows = np.zeros((len(sets), points), np.uint8)
    for row, chosen in zip(rows, sets, strict=True):
        row[list(chosen)] = 1
    return rows


@pytest.mark.parametrize(
    ("rows", "dimension"),
    [
        ([[0]], 0),
        ([[0, 1, 1]], 0),
        ([[0], [1]], 1),
        (list(product((0, 1), repeat=4)), 4),
        ([[int(i >= t) for i in range(6)] for t in range(7)], 1),
        ([[int(a <= i < b) for i in range(7)] for a in range(8) for b in range(a, 8)], 2),
        (at_most(7, 3), 3),
        (1 - at_most(6, 2), 2),
    ],
)
def test_known_dimensions(rows: Any, dimension: int) -> None:
    found = vc.class_dimension(rows, certify=True)
    assert found.value == dimension == len(found.witness)
    assert found.certificate.check()["dimension"] == dimension


@given(matrices)
def test_dimension_against_the_definition(rows: list[list[int]]) -> None:
    found = vc.class_dimension(rows, certify=True)
    assert found.value == oracle.vc_dimension(rows)
    assert found.certificate.check()["dimension"] == found.value
    assert vc.ConceptClass.read(rows).growth(found.witness) == 2**found.value


@given(matrices)
def test_pajor_and_sauer(rows: list[list[int]]) -> None:
    concepts = len({tuple(row) for row in rows})
    assert concepts <= vc.pajor_count(rows) == oracle.shattered_sets(rows)
    assert concepts <= vc.sauer_shelah(len(rows[0]), vc.class_dimension(rows).value)


@given(matrices)
def test_dual_bound_of_assouad(rows: list[list[int]]) -> None:
    d, dual = vc.class_dimension(rows).value, vc.dual_dimension(rows).value
    assert d < 2 ** (dual + 1)
    assert dual < 2 ** (d + 1)


@given(matrices, st.randoms(use_true_random=False))
def test_invariances(rows: list[list[int]], random: Any) -> None:
    order = list(range(len(rows[0])))
    random.shuffle(order)
    flips = [random.randint(0, 1) for _ in order]
    moved = [[row[p] ^ flips[p] for p in order] for row in rows]
    assert vc.class_dimension(moved).value == vc.class_dimension(rows).value


def test_random_class_of_200_concepts() -> None:
    matrix = np.random.default_rng(0).integers(0, 2, (200, 64))
    found = vc.class_dimension(matrix, certify=True)
    assert found.value == 6
    assert found.certificate.check()["dimension"] == 6


def test_the_radius_proves_the_upper_side_of_a_moved_ball() -> None:
    base = np.random.default_rng(1).integers(0, 2, 12).astype(np.uint8)
    found = vc.class_dimension(at_most(12, 3) ^ base, certify=True)
    assert found.value == 3
    assert "differs from one labeling" in found.reason
    assert found.certificate.check()["dimension"] == 3


@pytest.mark.heavy
def test_halfspaces_of_r5_on_64_points() -> None:
    rng = np.random.default_rng(1)
    points, normals = rng.standard_normal((64, 5)), rng.standard_normal((4096, 5))
    matrix = normals @ points.T + rng.standard_normal((4096, 1)) > 0
    assert vc.class_dimension(matrix).value == 6


@pytest.mark.heavy
def test_all_subsets_of_at_most_five_of_forty_points() -> None:
    found = vc.class_dimension(at_most(40, 5), certify=True)
    assert found.value == 5
    assert found.certificate.check()["dimension"] == 5


def altered(data: dict, *path: Any, value: Any) -> vc.ShatteringCertificate:
    changed = deepcopy(data)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return vc.ShatteringCertificate(changed)


def test_altered_certificates_are_refused() -> None:
    rows = np.random.default_rng(3).integers(0, 2, (40, 9))
    found = vc.class_dimension(rows, certify=True)
    data = found.certificate.data
    assert found.reason.startswith("shattered set; exhaustive")
    other = vc.class_dimension(np.random.default_rng(4).integers(0, 2, (40, 9)), certify=True)
    order = data["proof"]["upper"]["order"]
    for path, value in [
        (("format",), "another"),
        (("kind",), "none"),
        (("statement", "dimension"), found.value - 1),
        (("statement", "dimension"), found.value + 1),
        (("proof", "shattered"), [*found.witness[:-1], found.witness[0]]),
        (("proof", "shattered"), list(found.witness[:-1])),
        (("proof", "upper", "order"), order[:-1]),
        (("proof", "upper", "order"), order[::-1]),
        (("proof", "upper"), {"method": "cardinality"}),
        (("proof", "upper"), {"method": "radius", "base": [0] * 9}),
        (("proof", "upper"), {"method": "faith"}),
        (("proof", "upper", "verdicts"), other.certificate.data["proof"]["upper"]["verdicts"]),
        (("statement", "columns"), other.certificate.data["statement"]["columns"]),
        (("proof",), {}),
    ]:
        with pytest.raises(CertificateError):
            altered(data, *path, value=value).check()


def test_certificates_are_saved_and_compared(tmp_path: Any) -> None:
    made = vc.class_dimension([[0, 1], [1, 0]], certify=True).certificate
    made.save(tmp_path / "a.gz")
    assert vc.load_certificate(tmp_path / "a.gz") == made
    with pytest.raises(CertificateError, match="another statement"):
        made.check({**made.check(), "dimension": 7})
    (tmp_path / "b.gz").write_bytes(b"no")
    with pytest.raises(CertificateError, match="gzip"):
        vc.load_certificate(tmp_path / "b.gz")


@pytest.mark.parametrize(
    ("matrix", "error", "says"),
    [
        ([], ShapeError, "shape"),
        (np.zeros((0, 3)), InvalidInput, "at least one concept"),
        ([[0, 2]], InvalidInput, "row 0, column 1"),
        ([[0, -1]], InvalidInput, "write labels -1 as 0"),
        ([[0], [0, 1]], ShapeError, "one length"),
        ([0, 1], ShapeError, "shape"),
        ([["a"]], InvalidInput, "0 and 1"),
    ],
)
def test_bad_matrices(matrix: Any, error: type, says: str) -> None:
    with pytest.raises(error, match=says):
        vc.class_dimension(matrix)


def test_limits() -> None:
    matrix = np.random.default_rng(0).integers(0, 2, (200, 64))
    with pytest.raises(TooLarge, match="limit=1000 tests") as caught:
        vc.class_dimension(matrix, limit=1000)
    assert caught.value.counted == 6
    with pytest.raises(TooLarge, match="raise the limit"):
        vc.pajor_count(matrix, limit=10)
    with pytest.raises(InvalidInput, match="at least 0"):
        vc.sauer_shelah(-1, 2)
    with pytest.raises(InvalidInput, match="no dual"):
        vc.ConceptClass.read(np.zeros((1, 0))).dual()
