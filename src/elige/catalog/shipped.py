"""Facts that come with the package, read once."""

from functools import cache
from importlib.resources import files
from typing import Any  # what YAML holds has no narrower type

import yaml

# The reader in C where PyYAML was built with it: ten times as fast.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def shipped(name: str) -> Any:  # noqa: ANN401 - as above
    """What the YAML file `name` of the catalogue holds, for example 'openness/mof.yaml'."""
    file = files("elige.catalog").joinpath(*name.split("/"))
    return yaml.load(file.read_bytes(), Loader=_LOADER)
