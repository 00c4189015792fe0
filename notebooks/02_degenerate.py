# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Degenerate networks, and why counts by tolerance go wrong
#
# Almost every network with random float weights is in general position, and there a count in floats
# is right. The networks in proofs are not random: hyperplanes repeat, run parallel, meet in one
# point. Here a careful but ordinary count by linear programs meets them.

# %%
from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import linprog

import relu_theory as rt
from relu_theory import families

# %% [markdown]
# ## An ordinary count
#
# For one hidden layer on the square $[-1, 1]^2$: extend sign vectors row by row, and keep those for
# which a linear program finds a point at least `margin` away from every hyperplane. This is how
# most published tools decide; they differ in the margin and in whether rows are normalised.


# %%
def count_by_lp(net, margin):
    rows = np.column_stack([net.weights[0], net.biases[0]])
    sizes = np.linalg.norm(rows[:, :2], axis=1)
    rows = rows[sizes > 0] / sizes[sizes > 0, None]

    def feasible(signed):
        # A point with signed . (x, 1) >= margin in the square: linprog wants A x <= b.
        found = linprog([0, 0], -signed[:, :2], signed[:, 2] - margin, bounds=[(-1, 1)] * 2)
        return found.status == 0

    kept = [np.empty((0, 3))]
    for row in rows:
        longer = (np.vstack([signed, sign * row]) for signed in kept for sign in (1, -1))
        kept = [signed for signed in longer if feasible(signed)]
    return len(kept)


generic = families.gaussian_arrangement(6, 2, seed=7)
square = rt.Box(-1, 1, dim=2)
counts = [rt.regions.count(generic, square), *(count_by_lp(generic, m) for m in (1e-6, 1e-10))]
print("six random lines: exact {}, margin 1e-6 {}, margin 1e-10 {}".format(*counts))
assert counts[0] == counts[1] == counts[2]

# %% [markdown]
# ## The traps
#
# These networks ship with the package, with exact counts. A large margin misses cells that are
# thin; a small one is below the solver's own tolerance (1e-7), which calls empty cells feasible.
# No margin is right for all of them.

# %%
flat = [c for c in families.load_traps() if c.network.depth == 1 and c.network.input_dim == 2]
cases = [c for c in flat if c.counts[0][0] == square]
print(f"{'':28}{'exact':>6}{'1e-6':>8}{'1e-10':>8}")
missed = {1e-6: 0, 1e-10: 0}
for case in cases:
    exact = rt.regions.count(case.network, square)
    ordinary = {margin: count_by_lp(case.network, margin) for margin in missed}
    for margin, count in ordinary.items():
        missed[margin] += count != exact
    print(f"{case.name:28}{exact:6}{ordinary[1e-6]:8}{ordinary[1e-10]:8}")
    assert exact == case.counts[0][1]
assert len(cases) == 6
assert missed[1e-6] > 0
assert missed[1e-10] > 0

# %%
narrow = rt.Box(["-2e-9", -1], ["2e-9", 1])
fig, axes = plt.subplots(2, 3, figsize=(9, 6), layout="constrained")
for ax, case in zip(axes.flat, cases, strict=True):
    thin = case.name in ("gap of 1e-9", "sliver")
    drawn = rt.plotting.regions2d(case.network, narrow if thin else square, ax=ax)
    ax.set(xticks=[], yticks=[], title=case.name + (", magnified" if thin else ""), aspect="auto")
    assert len(drawn.cells.get_paths()) == case.counts[0][1]
plt.show()

# %% [markdown]
# ## A decimal is not a float
#
# The network *is* its weights. The float `0.1` is not one tenth, and three lines that meet in one
# point on paper may form a triangle once they are floats. Both questions have an exact answer; they
# are different questions, so say which one you ask: strings and fractions are taken at their word.

# %%
normals = [[1, 0], [0, 1], [1, 1]]
decimals = families.arrangement(normals, ["-0.1", "-0.2", "-0.3"])
floats = families.arrangement(normals, [-0.1, -0.2, -0.3])
print("through one point:", rt.regions.count(decimals))
print("their floats:     ", rt.regions.count(floats))
triangle = min(rt.regions.cells(floats, square), key=lambda cell: cell.volume())
print("area of the smallest cell:", float(triangle.volume()))
assert (rt.regions.count(decimals), rt.regions.count(floats)) == (6, 7)
gap = Fraction(0.1) + Fraction(0.2) - Fraction(0.3)
assert gap != 0
assert triangle.volume() == gap**2 / 2

# %% [markdown]
# ## Scale
#
# Multiplying every weight by a positive number moves nothing. A tolerance notices.

# %%
base = families.gaussian_arrangement(8, 2, seed=3)
for power in (0, -27, 60, -200):
    moved = families.scaled(base, Fraction(2) ** power)
    count = rt.regions.count(moved, square)
    print(f"weights times 2^{power}: {count} regions")
    assert count == rt.regions.count(base, square)

# %% [markdown]
# ## What it costs
#
# Floats with a proved error bound decide nearly everything in general position. What they leave
# open goes to integers and rationals. `Tally` tells how a run was decided.

# %%
gaussian = families.gaussian(2, [32, 32], seed=0)
tents = families.iterated_tent(6, 2)
resonance = families.resonance(4)
for name, net, domain in (
    ("Gaussian [32, 32]", gaussian, square),
    ("the same, one neuron twice", families.duplicate(gaussian, 1, 4, 3), square),
    ("iterated tents, 6 layers", tents, rt.Box(0, 1, dim=2)),
    ("resonance arrangement in R^4", resonance, None),
    ("small integers [6, 6, 6]", families.random_integer(2, [6, 6, 6], seed=3), None),
):
    tally = rt.regions.Tally()
    count = rt.regions.count(net, domain, tally=tally)
    print(f"{name:29} {count:5} regions; decisions:", end=" ")
    print(f"{tally.by_float} float, {tally.by_integer} integer, {tally.by_rational} rational")
    assert count == tally.regions
assert rt.regions.count(tents, rt.Box(0, 1, dim=2)) == 4**6
assert rt.regions.count(resonance) == 370

# %% [markdown]
# ## The same as a fuzz
#
# Small integer weights, as people write them down, make all of this at once. The checker of a
# certificate uses other code than the search and stays in rationals; it has the last word.

# %%
for seed in range(12):
    net = families.random_integer(2, [4, 4], seed)
    certificate = rt.regions.certify(net)
    assert certificate.check(net)
    assert certificate.claim.count == rt.regions.count(net)
    print(certificate.claim.count, end=" ")
