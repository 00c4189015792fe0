"""A cell or a face of one as the search sees it: float rays, and the hyperplanes through each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from relu_theory._kernels import layout as kernel
from relu_theory.network import Pattern
from relu_theory.regions.memory import Memory

MASK32 = (1 << 32) - 1


class RawFace:
    """Rays with masks over hyperplane slots, and the pattern known so far.

    Attributes
    ----------
    rays : (r, d + 3) array
        Homogeneous coordinates, the largest one, and the error bound (0: exact integers).
    sources : int array
        What each slot holds: (layer << 32) | neuron, or a negative domain identity.
    masks : (r, words) array of uint64
    pattern : uint64 array
        Bits of the active neurons, whole words for every layer.
    """

    def __init__(
        self,
        rays: np.ndarray,
        sources: np.ndarray,
        masks: np.ndarray,
        pattern: np.ndarray,
        pattern_at: np.ndarray,
    ) -> None:
        self.rays, self.sources, self.masks = rays, sources, masks
        self.pattern, self.pattern_at = pattern, pattern_at

    def tight(self, ray: int) -> list[int]:
        """Identities of the hyperplanes recorded through a ray."""
        word, found = _as_int(self.masks[ray]), []
        while word:
            source = int(self.sources[(word & -word).bit_length() - 1])
            if source != kernel.FREE_SLOT:
                found.append(source)
            word &= word - 1
        return found

    def rays_on(self, slot: int) -> int:
        """Bit mask of the rays on a slot's hyperplane."""
        word, bit = slot // 64, np.uint64(1) << np.uint64(slot % 64)
        return sum(1 << r for r in range(len(self.rays)) if self.masks[r, word] & bit)

    def all_sources(self) -> list[int]:
        """Identities of all hyperplanes that bound the face."""
        return [int(s) for s in self.sources if s != kernel.FREE_SLOT]

    def active(self, level: int, neuron: int) -> bool:
        """The neuron's bit in the pattern."""
        word = int(self.pattern[self.pattern_at[level] + neuron // 64])
        return bool(word >> (neuron % 64) & 1)

    def layer_bits(self, level: int, width: int) -> list[bool]:
        """The bits of a layer's neurons in the pattern."""
        start = int(self.pattern_at[level])
        return _bits(self.pattern[start : start + (width + 63) // 64], width)

    def prefix(self, level: int) -> bytes:
        """The pattern of the layers below one, as a key."""
        return self.pattern[: int(self.pattern_at[level])].tobytes()


class Node(RawFace):
    """A node on the kernel's stack, with the layer it is at and the neurons that cross it."""

    def __init__(self, memory: Memory, index: int) -> None:
        header, size, words = memory.header(index), memory.dim + 1, memory.room.words
        rays, slots, crossing = (
            int(header[k]) for k in (kernel.NRAYS, kernel.NSLOTS, kernel.NCROSS))
        f, i, u = (int(header[k]) for k in (kernel.OFF_F, kernel.OFF_I, kernel.OFF_U))
        end, stride = u + rays * words, self.stride(size)
        super().__init__(
            memory.f[f:f + rays * stride].reshape(rays, stride)[:, :size + 2],
            memory.n[i:i + slots],
            memory.u[u:end].reshape(rays, words),
            memory.u[end:end + memory.pattern_words],
            memory.pattern_at,
        )
        self.level = int(header[kernel.LEVEL])
        self.crossing = memory.n[i + slots:i + slots + crossing]

    @staticmethod
    def stride(size: int) -> int:
        """Floats from one ray to the next."""
        return size + 2


class PlanarNode(Node):
    """A node of the planar kernel: slot k holds the edge from ray k to the next one, no masks."""

    @staticmethod
    def stride(size: int) -> int:
        """Each ray is followed by its edge."""
        return kernel.RECORD

    def tight(self, ray: int) -> list[int]:
        """The two edges that meet in a vertex."""
        return [int(self.sources[ray - 1]), int(self.sources[ray])]


def bits_of(pattern: np.ndarray, pattern_at: np.ndarray, widths: Sequence[int]) -> Pattern:
    """A packed pattern as a tuple of booleans per layer."""
    starts = pattern_at.tolist()
    bits = _bits(pattern, 64 * len(pattern))
    return tuple(
        tuple(bits[64 * start : 64 * start + width])
        for start, width in zip(starts, widths, strict=True)
    )


def _bits(words: np.ndarray, size: int) -> list[bool]:
    octets = np.ascontiguousarray(words).astype("<u8").view(np.uint8)
    return np.unpackbits(octets, bitorder="little")[:size].view(bool).tolist()


def _as_int(words: np.ndarray) -> int:
    return int.from_bytes(np.ascontiguousarray(words).tobytes(), "little")
