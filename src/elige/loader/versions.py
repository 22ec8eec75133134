"""Versions that are part of what an engine answers."""

from importlib.metadata import entry_points

from elige.machine.packages import installed_version

# Part of the identity of what these engines answer: raise it when their answers change.
TORCH_ENGINE, REMOTE_ENGINE = "2", "1"


def engine_version(engine: str) -> str:
    """What an engine's answers depend on, apart from the model: its own version, its libraries'."""
    if engine != "torch":
        return plugin_version(engine)
    libraries = [f"{name} {installed_version(name)}" for name in ("transformers", "torch")]
    return ", ".join([f"elige {TORCH_ENGINE}", *libraries])


def plugin_version(engine: str) -> str:
    """The version of the package that an engine comes from; '' for none."""
    for point in entry_points(group="elige.engines", name=engine):
        if point.dist is not None:
            return f"{point.dist.name} {point.dist.version}"
    return ""
