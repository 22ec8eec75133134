"""What tests of code that runs in the sandbox share."""

import pytest

from elige.evaluate.sandbox import why_unavailable

needs_sandbox = pytest.mark.skipif(
    bool(why_unavailable()), reason=f"no sandbox: {why_unavailable()}"
)
