"""The discrete modulus: every engine against the definition, and what is read from the steps."""

import math
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import lipschitz
from relu_theory.errors import InvalidInput, ShapeError, TooLarge
from relu_theory.lipschitz.arrangement import arranged
from relu_theory.lipschitz.samples import read_sample
from tests.lipschitz.oracle import INF, staircase

METHODS = ("coordinates", "products", "tree")


def sample(kind: str, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    n, d, k = int(rng.integers(2, 60)), int(rng.integers(1, 5)), int(rng.integers(1, 3))
    x, y = rng.standard_normal((n, d)), rng.standard_normal((n, k))
    if kind == "duplicated":
        x = rng.integers(0, 3, (n, d)).astype(float)
    elif kind == "collinear":
        x = np.outer(rng.standard_normal(n), rng.standard_normal(d))
    elif kind == "clustered":
        x = rng.integers(0, 3, (n, d)) * 1e3 + rng.standard_normal((n, d))
    elif kind == "scaled":
        x, y = x * 1e-200, y * 1e200
    return x, y


@pytest.mark.parametrize("kind", ["random", "duplicated", "collinear", "clustered", "scaled"])
@pytest.mark.parametrize("seed", range(6))
def test_every_engine_gives_the_definition(kind: str, seed: int) -> None:
    x, y = sample(kind, seed)
    rng = np.random.default_rng(seed)
    for p, q in ((2, 2), (1, INF), (INF, 1)):
        truncation = float(rng.random() * 3 + 0.1) if seed % 2 and kind != "scaled" else INF
        if kind == "scaled" and 2 in (p, q):
            wanted = [(d * 1e-200, w * 1e200)
                      for d, w in staircase(x * 1e200, y * 1e-200, p, q)]
        else:
            wanted = staircase(x, y, p, q, truncation)
        for method in METHODS if p == 2 else METHODS[::2]:
            w = lipschitz.dmoc(x, y, p, q, truncation=truncation, method=method)
            assert len(w.distances) == len(wanted), method
            assert np.allclose(w.distances, [d for d, _ in wanted], rtol=1e-13, atol=0)
            assert np.allclose(w.values, [v for _, v in wanted], rtol=1e-13, atol=0)


def test_the_pairs_attain_the_steps_and_large_samples_agree() -> None:
    rng = np.random.default_rng(3)
    x = rng.standard_normal((5000, 2))
    y = np.sin(3 * x[:, 0]) + x[:, 1] ** 2
    found = [lipschitz.dmoc(x, y, method=m) for m in METHODS]
    found.append(lipschitz.dmoc(x, y, method="coordinates", workers=2))
    for w in found:
        gaps = x[w.pairs[:, 0]] - x[w.pairs[:, 1]]
        assert np.allclose(np.sqrt((gaps**2).sum(axis=1)), w.distances, rtol=1e-14)
        assert np.allclose(np.abs(y[w.pairs[:, 0]] - y[w.pairs[:, 1]]), w.values, rtol=1e-14)
        assert np.array_equal(w.distances, found[0].distances)
        assert np.array_equal(w.values, found[0].values)
    assert found[2].visited < found[0].visited == 5000 * 4999 // 2


def test_memory_maps(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    x = rng.standard_normal((5000, 8)).astype(np.float32)
    np.save(tmp_path / "x.npy", x)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    y = x.sum(axis=1)
    for method in METHODS[:2]:
        w = lipschitz.dmoc(mapped, y, method=method)
        assert np.array_equal(w.values, lipschitz.dmoc(x.astype(float), y).values)


@pytest.mark.parametrize("kind", ["random", "equal", "integers"])
def test_samples_beyond_the_memory_give_the_same_steps(kind: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    n = 3000
    x = rng.standard_normal((n, 2))
    if kind == "equal":
        x[500:] = 0
    elif kind == "integers":
        x = rng.integers(0, 40, (n, 2)).astype(float)
    y = np.column_stack([np.abs(x[:, 0]), np.sin(3 * x[:, 1]) + 0.1 * rng.random(n)])
    for name, array in (("x", x), ("y", y)):
        np.save(tmp_path / name, array)
    mapped = [np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in "xy"]
    wanted = lipschitz.dmoc(x, y, method="coordinates")
    for method in METHODS:
        # The sample takes 96 kB.
        for workers in (1, 2):
            w = lipschitz.dmoc(*mapped, method=method, memory=1 << 14, workers=workers)
            assert np.array_equal(w.distances, wanted.distances), method
            assert np.array_equal(w.values, wanted.values), method
            gaps = x[w.pairs[:, 0]] - x[w.pairs[:, 1]]
            assert np.allclose(np.sqrt((gaps**2).sum(axis=1)), w.distances, rtol=1e-14)


def test_a_tree_in_files_holds_little(tmp_path: Path) -> None:
    n, d, memory = 100_000, 8, 1 << 20
    np.save(tmp_path / "x.npy", np.random.default_rng(6).standard_normal((n, d), np.float32))
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    sample = read_sample(mapped, mapped[:, :1], 2, 2)
    peaks = []
    for most in (memory, 1 << 30):
        tracemalloc.start()
        with arranged(sample, most) as tree:
            peaks.append(tracemalloc.get_traced_memory()[1])
            assert np.array_equal(np.sort(tree.order), np.arange(n))
            assert np.array_equal(tree.points, np.asarray(mapped, float)[tree.order].T
                                  / sample.scale_x)
            assert (np.diff(tree.spans, axis=1) > 0).all()
            inner = np.flatnonzero(tree.left >= 0)
            below = tree.left[inner]
            assert np.array_equal(tree.spans[below, 0], tree.spans[inner, 0])
            assert np.array_equal(tree.spans[below, 1], tree.spans[below + 1, 0])
            assert np.array_equal(tree.spans[below + 1, 1], tree.spans[inner, 1])
        tracemalloc.stop()
    assert peaks[0] < 4 * memory < n * (d + 1) * 8 < peaks[1]


def test_reading_the_steps() -> None:
    w = lipschitz.dmoc([0, 1, 3, 7], [0, 2, 3, -1])
    assert [w(t) for t in (0, 0.99, 1, 2.9, 3, 3.9, 4, 100)] == [0, 0, 2, 2, 3, 3, 4, 4]
    assert w.lipschitz == 2
    assert w.lipschitz_pair == (0, 1)
    assert w.separation() == 1
    assert w.seminorm(lambda t: t) == w.lipschitz
    hull = w.concave_majorant()
    assert hull.corners.tolist() == [0, 1, 4]
    assert hull.values.tolist() == [0, 2, 4]
    assert hull(2.5) == 3
    with pytest.raises(InvalidInput, match="t must not be negative"):
        w(-1)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(-5, 5)), min_size=2, max_size=25))
def test_the_majorant_is_concave_and_the_least(points: list[tuple[int, int]]) -> None:
    x, y = zip(*points, strict=True)
    w = lipschitz.dmoc(x, y)
    hull = w.concave_majorant()
    assert (hull(w.distances) >= w.values - 1e-12).all()
    slopes = np.diff(hull.values) / np.diff(hull.corners)
    assert (np.diff(slopes) <= 1e-12).all()
    # Every corner beyond the first is a step: nothing smaller is concave and above them.
    assert set(hull.corners[1:]) <= set(w.distances)
    assert np.allclose(hull.values[1:], w(hull.corners[1:]))


def test_hoelder_fit_of_a_square_root() -> None:
    x = np.linspace(0, 1, 400)
    fit = lipschitz.dmoc(x, np.sqrt(x)).hoelder()
    assert fit.exponent == pytest.approx(0.5, abs=0.05)
    assert fit.constant >= fit.scale
    with pytest.raises(InvalidInput, match="two steps"):
        lipschitz.dmoc([0, 1], [0, 1]).hoelder()


def test_duplicates_with_different_labels_are_reported() -> None:
    w = lipschitz.dmoc([0, 0, 1, 1], [0, 1, 5, 5])
    assert w.conflict == (0, 1)
    assert w(0) == 1
    assert w.lipschitz == math.inf
    assert w.separation() == 1
    assert lipschitz.dmoc([0, 0, 1], [2, 2, 3]).conflict is None
    constant = lipschitz.dmoc([1, 1, 1], [2, 2, 2])
    assert constant.lipschitz == 0
    assert constant.lipschitz_pair is None
    assert constant.separation() == math.inf


def test_truncation_drops_farther_pairs() -> None:
    w = lipschitz.dmoc([0, 1, 3, 7], [0, 2, 3, -1], truncation=3.5)
    assert w.values.tolist() == [2, 3]
    with pytest.raises(InvalidInput, match="truncation"):
        w(4)


def test_bad_input() -> None:
    good = [0.0, 1.0, 2.0]
    with pytest.raises(InvalidInput, match=r"x\[1\] is not finite"):
        lipschitz.dmoc([0, math.nan, 1], good)
    with pytest.raises(InvalidInput, match=r"y\[2\] is not finite"):
        lipschitz.dmoc(good, [0, 1, math.inf])
    with pytest.raises(InvalidInput, match="at least two points"):
        lipschitz.dmoc([1], [1])
    with pytest.raises(ShapeError, match="same length"):
        lipschitz.dmoc([1, 2], good)
    with pytest.raises(InvalidInput, match="metric_x must be 1, 2"):
        lipschitz.dmoc(good, good, "cosine")
    with pytest.raises(InvalidInput, match="truncation must be positive"):
        lipschitz.dmoc(good, good, truncation=0)
    with pytest.raises(InvalidInput, match="method must be one of"):
        lipschitz.dmoc(good, good, method="gpu")
    with pytest.raises(InvalidInput, match="metric_x = 2"):
        lipschitz.dmoc(good, good, 1, method="products")
    with pytest.raises(InvalidInput, match="workers"):
        lipschitz.dmoc(good, good, workers=0)
    with pytest.raises(InvalidInput, match="memory"):
        lipschitz.dmoc(good, good, memory=0)
    with pytest.raises(InvalidInput, match="numbers"):
        lipschitz.dmoc(["a", "b"], [1, 2])
    with pytest.raises(ShapeError, match="axes"):
        lipschitz.dmoc(np.zeros((2, 2, 2)), [1, 2])
    with pytest.raises(TooLarge, match="steps"):
        lipschitz.dmoc([0, 1, 3], [0, 1, 3], limit=1)
