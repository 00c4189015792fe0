"""Lossless files for networks: JSON with rationals as text, and npz.

The JSON object has the keys ``format`` ("relu_theory.network"), ``version`` (1), ``weights`` (for
each layer its rows) and ``biases``; every number is the text "p/q", or "p" for an integer. An npz
holds ``weights_0``, ``biases_0``, ...: float64 arrays when they are the exact values, otherwise
arrays of the same text. Neither needs pickle.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from relu_theory.affine import AffineLayer
from relu_theory.errors import InvalidInput

__all__ = ["decode", "encode", "plain", "read_file", "spelled", "write_file"]

FORMAT = "relu_theory.network"
VERSION = 1
LARGEST_SPELLED_OUT = 200


def encode(layers: Sequence[AffineLayer]) -> dict[str, Any]:
    """The JSON object of a network."""
    pairs = [layer.exact for layer in layers]
    weights = [[[str(q) for q in row] for row in matrix.table()] for matrix, _ in pairs]
    biases = [[str(q) for q in vector] for _, vector in pairs]
    return {"format": FORMAT, "version": VERSION, "weights": weights, "biases": biases}


def decode(data: Any) -> tuple[list[Any], list[Any]]:
    """The weights and biases of a JSON object; the network's constructor checks them."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise InvalidInput(
            f"a network's JSON must be an object with format {FORMAT!r}; "
            "write it with ReluNetwork.save"
        )
    if data.get("version") != VERSION:
        raise InvalidInput(
            f"version must be {VERSION}, got {data.get('version')!r}; "
            "read the file with the release that wrote it"
        )
    missing = {"weights", "biases"} - data.keys()
    if missing:
        raise InvalidInput(f"a network's JSON must have the keys {sorted(missing)}")
    return data["weights"], data["biases"]


def plain(layers: Sequence[AffineLayer]) -> tuple[list[Any], list[Any]]:
    """The weights and biases in types that pickle: float arrays, or arrays of text."""
    pairs = [_arrays(layer) for layer in layers]
    return [weight for weight, _ in pairs], [bias for _, bias in pairs]


def spelled(layers: Sequence[AffineLayer]) -> str:
    """Constructor code for a small network, the sizes of a large one."""
    if sum(layer.weight.size for layer in layers) <= LARGEST_SPELLED_OUT:
        weights, biases = decode(encode(layers))
        return f"ReluNetwork({_code(weights)}, {_code(biases)})"
    sizes = [layers[0].shape[1], *(layer.shape[0] for layer in layers)]
    return f"<ReluNetwork {' -> '.join(map(str, sizes))}>"


def _code(values: Any) -> str:
    """Nested lists as code: integers bare, quotients quoted."""
    if isinstance(values, str):
        return repr(values) if "/" in values else values
    return f"[{', '.join(map(_code, values))}]"


def write_file(layers: Sequence[AffineLayer], path: str | Path) -> None:
    """Write .json or .npz, by the suffix of the path."""
    path = Path(path)
    if _suffix(path) == ".json":
        path.write_text(json.dumps(encode(layers)) + "\n", encoding="utf-8")
        return
    arrays: dict[str, Any] = {}
    for i, (weight, bias) in enumerate(zip(*plain(layers), strict=True)):
        arrays[f"weights_{i}"], arrays[f"biases_{i}"] = weight, bias
    np.savez(path, **arrays)


def read_file(path: str | Path) -> tuple[list[Any], list[Any]]:
    """The weights and biases in a file that `write_file` wrote."""
    path = Path(path)
    if _suffix(path) == ".json":
        return decode(_parsed(path))
    with np.load(path, allow_pickle=False) as arrays:
        depth = sum(key.startswith("weights_") for key in arrays)
        if not depth or set(arrays) != _keys(depth):
            raise InvalidInput(
                f"{path.name} must hold weights_0, biases_0, weights_1, ..., "
                f"got {sorted(arrays)}; write it with ReluNetwork.save"
            )
        weights = [arrays[f"weights_{i}"] for i in range(depth)]
        return weights, [arrays[f"biases_{i}"] for i in range(depth)]


def _parsed(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidInput(f"{path.name} is not a JSON file: {error}") from None


def _arrays(layer: AffineLayer) -> tuple[Any, Any]:
    if layer.float_exact:
        return layer.weight, layer.bias
    matrix, vector = layer.exact
    text = np.array([str(q) for q in matrix.entries()]).reshape(layer.shape)
    return text, np.array([str(q) for q in vector])


def _keys(depth: int) -> set[str]:
    return {f"{kind}_{i}" for kind in ("weights", "biases") for i in range(depth)}


def _suffix(path: Path) -> str:
    if path.suffix not in (".json", ".npz"):
        raise InvalidInput(f"path must end in .json or .npz, got {path.name!r}")
    return path.suffix
