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
# # Writing polynomials as ReLU networks
#
# Approximation theory says that a wide network with one hidden layer comes close to $x^2y$. Which
# network? One explicit answer is an integral: infinitely many neurons with a weight that can be
# written down. Neurons sampled from it make finite networks whose expected error can be computed in
# advance, exactly. This notebook goes from the function to the integral, proves it, draws networks,
# and compares the prediction with their exact errors.

# %%
import matplotlib.pyplot as plt
import numpy as np
import sympy
from flint import fmpq

import relu_theory as rt
from relu_theory import integral

# %% [markdown]
# ## One variable: Taylor's formula
#
# Write $(t)_+=\mathrm{relu}(t)$. Its second derivative is a point mass at 0, so that integrating
# $f''(s)$ against $(x-s)_+$ rebuilds $f$ up to an affine function: on $[-1,1]$
#
# $$f(x)=f(0)+f'(0)\,x+\int_0^1 f''(s)\,(x-s)_+\,ds+\int_{-1}^0 f''(s)\,(s-x)_+\,ds .$$
#
# This is Taylor's formula with its remainder, read as a network: the neuron with its knot at $s$
# has the weight $f''(s)$. How much weight is there in all? $\int|f''|$, the total variation of the
# measure, which is the price of $f$ in the theory of function norms of networks.

# %%
cubic = integral.represent("x**3 - x/2", "taylor", ["x"])
value = cubic.evaluate(["1/2"])
price = cubic.total_variation()
print("weight of the neuron with knot s:", cubic.weight(), "  total variation:",
      f"{float(price.lower):.6f}")
print("the integral at 1/2:", value, "  f(1/2) =", fmpq(-1, 8))
proof = cubic.verify()
print(proof, *(f"  {step.claim}" for step in proof.steps), sep="\n")
assert value.contains(fmpq(-1, 8))
assert all(step.computed == step.predicted for step in proof.steps)
assert price.lower <= 6 <= price.upper < price.lower + 1e-12

# %% [markdown]
# Two independent things happened. `evaluate` computed the integral at a point by certified
# quadrature, without using the identity. `verify` proved the identity for all $x$ by a handful of
# exact equalities between polynomials and rational numbers; nothing is sampled in it.
#
# ## Several variables: ridges in all directions
#
# For a polynomial in $d$ variables let neurons look in all directions $w$ of the unit sphere, with
# biases $b\in[0,1]$. There is a polynomial weight of least $L^2$ norm such that on the unit ball
#
# $$f(x)=\mathrm{affine}(x)+\mathbb E_{w}\int_0^1 g(w,b)\,(\langle w,x\rangle-b)_+\,db .$$
#
# Why it can be found: $\int_0^1 b^{k-2}(t-b)_+\,db=t_+^k/(k(k-1))$ turns the biases into powers
# $\langle w,x\rangle^k$, and averages of powers over the sphere span the homogeneous polynomials of
# degree $k$. So finding $g$ is linear algebra over the rationals. (The derivation is the package's
# own; the subject is that of Lee 2026.)

# %%
x, y = sympy.symbols("x y")
rep = integral.represent(x**2 * y, "spherical", [x, y])
print("g(w, b) =", sympy.expand(rep.weight()), " with", rep.support)
proof = rep.verify()
print(proof, *(f"  {step.claim}" for step in proof.steps), sep="\n")
assert all(step.computed == step.predicted for step in proof.steps)
assert rep.evaluate(["1/2", "1/4"]).contains(fmpq(1, 16))

# %% [markdown]
# ## From the integral to a network
#
# Draw $m$ directions and biases at random, and give each neuron its weight divided by the density
# and by $m$. The sum is an unbiased estimate of $f$ at every point. The mean square of its error is
# a variance, so it is a constant over $m$:
#
# $$\mathbb E\,\|f-f_m\|^2=\frac1m\Big(\mathbb E\big[a^2\,\|(\langle w,\cdot\rangle-b)_+\|^2\big]
#   -\|f-\mathrm{affine}\|^2\Big),$$
#
# where $a$ is the coefficient of one sampled neuron and the norm is that of $L^2$ under a law of
# the inputs. On boxes and spheres the constant is an exact rational. So the question "how many
# neurons?" has an answer before anything is drawn.

# %%
box = rt.Box("-1/2", "1/2", dim=2)
one, circle = rep.expected_error(1, box), rep.expected_error(1, integral.UniformSphere(2))
better = rep.expected_error(1, integral.UniformSphere(2), importance="optimal")
print(f"expected squared error times m: {one} on the square, {circle} on the unit circle")
print(f"the best law of neurons for the circle: {float(better):.4f} instead of {float(circle):.4f}")
assert (str(one), str(circle)) == ("289/2880", "39/16")
assert float(better) < float(circle)

# %% [markdown]
# Now draw networks. The error of *one* network over the square is an integral of a piecewise
# polynomial over its linear regions, and `squared_error` computes it as an exact fraction. The line
# below is the exact expectation; each point is the exact error of one network.

# %%
rng = np.random.default_rng(0)
sizes, draws = (4, 8, 16, 32), 24
errors = {}
for m in sizes:
    nets = [rep.sample(m, rng) for _ in range(draws)]
    errors[m] = [integral.squared_error(net, x**2 * y, box, [x, y]) for net in nets]
    expected, mean = float(rep.expected_error(m, box)), float(sum(errors[m]) / draws)
    print(f"{m:3} neurons: expected {expected:.5f}, mean of {draws} networks {mean:.5f}")
    assert 0.4 < mean / expected < 2.5
print("the error of one of them is a fraction with", len(str(errors[4][0])), "characters")
assert all(e >= 0 for row in errors.values() for e in row)

# %%
g = sympy.lambdify(sympy.symbols("w1 w2 b", real=True), rep.weight(), "numpy")
angle, bias = np.linspace(-np.pi, np.pi, 181), np.linspace(0, 1, 41)
weight = g(np.cos(angle)[None], np.sin(angle)[None], bias[:, None])
some = rep.sample(150, rng, "optimal", integral.UniformSphere(2))
w, b, sign = some.weights[0], -some.biases[0], np.sign(some.weights[1][0])

fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.9), layout="constrained")
top = np.abs(weight).max()
shades = left.imshow(weight, origin="lower", aspect="auto", cmap="RdBu_r", vmin=-top, vmax=top,
                     extent=(-np.pi, np.pi, 0, 1), alpha=0.75)
fig.colorbar(shades, ax=left)
for value, marker, colour in ((-1, "v", "#0072B2"), (1, "^", "#B22222")):
    chosen = sign == value
    left.plot(np.arctan2(w[chosen, 1], w[chosen, 0]), b[chosen], marker, color=colour,
              markersize=3.5, label=f"sampled, coefficient {'+' if value > 0 else '-'}")
left.set(xlabel="angle of w", ylabel="bias b", title="the weight g of $x^2y$")
left.legend(fontsize=8, loc="lower left")
for m in sizes:
    right.plot([m] * draws, [float(e) for e in errors[m]], "o", color="#0072B2", alpha=0.5)
ms = np.array([3, 45])
right.plot(ms, float(one) / ms, color="black", label="exact expectation")
right.plot([], [], "o", color="#0072B2", label="exact error of one network")
right.set(xscale="log", yscale="log", xlabel="neurons m", ylabel="mean squared error")
right.set_xticks(sizes, [str(m) for m in sizes])
right.minorticks_off()
right.legend()
plt.show()
assert np.allclose(np.linalg.norm(w, axis=1), 1)
assert ((b >= 0) & (b <= 1)).all()

# %% [markdown]
# Neurons with a positive coefficient sit where $g$ is positive: the best importance law draws them
# in proportion to $|g|$ times the size of the neuron on the domain.
#
# ## Which integral?
#
# There are many representations of one function: Gaussian directions, a single bias, the harmonic
# extension, a free exponential factor. They differ in what they cost. The table has the expected
# error of one neuron on the unit circle, and what is proved about the total variation.

# %%
print(f"{'form':16}{'E error, m = 1':>16}{'total variation':>20}")
table = {}
for form in ("spherical", "harmonic", "hermite", "hermite-fixed", "exponential"):
    options = {"bias": "1/2"} if form == "hermite-fixed" else {}
    other = integral.represent(x**2 * y, form, [x, y], **options)
    assert all(step.computed == step.predicted for step in other.verify().steps)
    table[form] = float(other.expected_error(1, integral.UniformSphere(2)))
    low, high = (float(v) for v in (other.total_variation().lower, other.total_variation().upper))
    span = f"{low:.2f}" if high - low < 1e-9 else f"{low:.2f} to {high:.2f}"
    print(f"{form:16}{table[form]:16.3f}{span if np.isfinite(low) else 'infinite':>20}")
assert min(table, key=table.get) == "spherical"

# %% [markdown]
# Not every form takes every polynomial, and the error says so. Directions on the sphere without
# biases see only even functions, up to linear ones; $x^2y$ is odd:

# %%
try:
    integral.represent(x**2 * y, "funk-hecke", [x, y])
except rt.InvalidInput as error:
    print(error)
else:
    raise AssertionError("an odd cubic has no representation without biases")

# %% [markdown]
# ## Few neurons, chosen well
#
# Sampling is honest but wasteful: its error falls like $1/m$. Convex optimisation over a grid of
# candidate neurons (a sum of $|{\rm coefficients}|$ as penalty, least squares on what is left)
# finds far better networks of the same size. Nothing is claimed about its optimality, but the error
# of the network that comes out is exact again.

# %%
found = integral.discretise(x**2 * y, 8, rt.Box(-1, 1, dim=2), [x, y], directions=8, biases=6)
again = integral.squared_error(found.network, x**2 * y, rt.Box(-1, 1, dim=2), [x, y])
side = np.linspace(-1, 1, 81)
grid = np.stack(np.meshgrid(side, side), axis=-1)
panels = {
    "$x^2y$": grid[..., 0] ** 2 * grid[..., 1],
    "8 chosen neurons": found.network.forward(grid.reshape(-1, 2)).reshape(81, 81),
    "150 sampled neurons": some.forward(grid.reshape(-1, 2)).reshape(81, 81),
}
fig, axes = plt.subplots(1, 3, figsize=(10, 3.4), layout="constrained", sharey=True)
levels = np.linspace(-1.05, 1.05, 15)
for ax, (title, values) in zip(axes, panels.items(), strict=True):
    ax.contourf(side, side, values, levels, cmap="RdBu_r", extend="both")
    ax.contour(side, side, values, levels, colors="black", linewidths=0.4)
    ax.add_patch(plt.Circle((0, 0), 1, fill=False, linestyle="--"))
    ax.set(title=title, aspect="equal", xticks=(-1, 0, 1), yticks=(-1, 0, 1))
plt.show()
print(f"root mean squared error of 8 chosen neurons on the square: {float(again) ** 0.5:.3f}")
assert again == found.squared_error
assert again < sum(errors[8]) / draws

# %% [markdown]
# (The identity, and so the sampled network, is about the unit disc, drawn dashed; in the corners it
# makes no promise.)
#
# ## What it costs in high dimension
#
# The same cubic in $\mathbb R^d$, $x_1^2x_2$, and the expected squared error at the unit vector
# $(3/5,4/5,0,\dots,0)$: the constant of the spherical form grows with the dimension, and exactly
# how is a number for each $d$.

# %%
costs = {}
for d in (2, 4, 8, 16, 32):
    names = [f"x{i}" for i in range(1, d + 1)]
    form = integral.represent("x1**2*x2", "spherical", names)
    point = integral.Points([["3/5", "4/5", *[0] * (d - 2)]])
    costs[d] = form.expected_error(1, point)
    print(f"d = {d:3}: expected squared error of one neuron {float(costs[d]):12.2f}")
growth = [float(costs[2 * d]) / float(costs[d]) for d in (2, 4, 8, 16)]
print("doubling the dimension multiplies it by", *(f"{r:.2f}" for r in growth))
assert all(r > 1 for r in growth)

# %% [markdown]
# ## What to try next
#
# * Your own polynomial: any rational coefficients, any number of variables; `rep.latex()` prints
#   the identity for a paper.
# * Sines, cosines and Gaussians: `integral.represent("sin(x) + exp(-x**2)", "fourier")`.
# * Norms of a network you have: `integral.norms.variation_norm(net)`, `integral.norms.r_norm(net)`.
# * The ledger: `relu-theory verify lee2026`; the figures: `rt.figures.figure("integral_errors")`.
