"""What an endpoint's engine is opened with."""

from elige.config import Settings
from elige.loader.keys import key_for
from elige.loader.versions import REMOTE_ENGINE, plugin_version
from elige.records import Candidate, EngineSpec, Identity, Prices


def remote_spec(
    candidate: Candidate, engine: str, settings: Settings, prices: Prices | None
) -> EngineSpec:
    """The address, the key and the identity of a candidate behind an endpoint.

    Raises what `key_for` raises.
    """
    ref = candidate.ref
    version = REMOTE_ENGINE if engine == "remote" else plugin_version(engine)
    return EngineSpec(
        candidate=candidate,
        identity=Identity(
            weights=f"{ref.location}#{ref.model}", engine=engine, engine_version=version
        ),
        base_url=ref.location,
        api_key=key_for(
            ref.location,
            environment=settings.environment,
            home=settings.home,
            variable=candidate.option("key_env"),
        ),
        prices=prices,
    )
