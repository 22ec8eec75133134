"""How a model is named."""

from dataclasses import dataclass
from enum import StrEnum


class RefKind(StrEnum):
    """Where a reference points."""

    ECHO = "echo"
    PACKAGED = "packaged"
    FOLDER = "folder"
    GGUF = "gguf"
    HUB = "hub"
    ENDPOINT = "endpoint"
    LOCAL = "local"
    COMBO = "combo"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRef:
    """A reference to a model, as understood at the door.

    `text` is what the user wrote. `location` is what the kind needs: the packaged name, an
    absolute path, `org/name`, a base URL, or the name after `local:` and `combo:`. `model` is
    the name behind `#` of an endpoint, `revision` the part behind `@` of a hub name.
    """

    text: str
    kind: RefKind
    location: str
    model: str = ""
    revision: str = ""

    @property
    def is_remote(self) -> bool:
        """Whether asking it leaves this machine (and may cost money)."""
        return self.kind is RefKind.ENDPOINT
