"""Memory of weights that lie in a mapped file, given back as soon as a copy is made.

Safetensors are mapped, not read: all weights of a file are parts of one mapping, which stays in
memory while any of them lives. The pages of one that is needed no more can go before that; the
kernel would read them from the file again.
"""

import ctypes
import mmap
import sys
from pathlib import Path

from torch import Tensor

_PAGE = mmap.PAGESIZE
_DONTNEED = 4  # madvise(2), Linux


class MappedWeights:
    """Where safetensors files are mapped in this process; nowhere on systems but Linux."""

    def __init__(self) -> None:
        self._ranges = _ranges() if sys.platform == "linux" else []

    def forget(self, weight: Tensor) -> None:
        """Give back the pages that hold nothing but this weight; it is not to be read again."""
        start = weight.data_ptr()
        stop = start + weight.numel() * weight.element_size()
        if not any(low <= start and stop <= high for low, high in self._ranges):
            return
        first, last = -(-start // _PAGE) * _PAGE, stop // _PAGE * _PAGE
        if first < last and weight.is_contiguous():
            ctypes.CDLL(None).madvise(
                ctypes.c_void_p(first), ctypes.c_size_t(last - first), ctypes.c_int(_DONTNEED)
            )


def _ranges() -> list[tuple[int, int]]:
    """Private mappings of safetensors files: only their pages come back as they were."""
    found = []
    try:
        lines = Path("/proc/self/maps").read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
    for line in lines:
        fields = line.split(maxsplit=5)
        if len(fields) == 6 and fields[5].endswith(".safetensors") and fields[1][3] == "p":
            low, high = fields[0].split("-")
            found.append((int(low, 16), int(high, 16)))
    return found
