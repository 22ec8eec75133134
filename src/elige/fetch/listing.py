"""What a hub lists of its models, page by page."""

from collections.abc import Iterator, Mapping
from typing import Any  # names of fields, in the library's own type

from elige.errors import EligeError
from elige.fetch import Hub

# What an entry of the catalogue is made of; asking for no more keeps the pages small.
_WANTED = (
    *("author", "createdAt", "lastModified", "gated", "downloads", "likes", "library_name"),
    *("pipeline_tag", "tags", "config", "cardData", "baseModels", "safetensors", "gguf"),
)


def listed_models(
    hub: Hub, *, author: str = "", since: str = "", most: int | None = None
) -> Iterator[Mapping[str, object]]:
    """Records of the hub's models: those changed since the ISO moment, else the most downloaded.

    `author` keeps to one organisation, `most` ends after so many. Raises `EligeError` where the
    hub cannot be reached or refuses.
    """
    from huggingface_hub import HfApi

    api = HfApi(endpoint=hub.address, token=hub.token or False)
    wanted: list[Any] = list(_WANTED)  # the library names every one of them in a type of its own
    found = api.list_models(
        author=author or None,
        sort="last_modified" if since else "downloads",
        expand=wanted,
    )
    try:
        for count, info in enumerate(found):
            changed = info.last_modified.isoformat() if info.last_modified else ""
            if (most is not None and count >= most) or (since and changed and changed < since):
                return
            yield _plain(info)
    except Exception as error:  # the library raises errors of three other libraries
        status = getattr(getattr(error, "response", None), "status_code", None)
        what = f"answers {status}" if status else f"cannot be reached ({type(error).__name__})"
        raise EligeError(
            f"{hub.address} {what}.",
            hint="Try again later; what was read before is kept.",
        ) from error


def _plain(info: object) -> Mapping[str, object]:
    """The library's record as plain mappings."""
    record = dict(vars(info))
    for name in ("card_data", "safetensors"):
        found = record.get(name)
        if found is not None and not isinstance(found, dict):
            record[name] = dict(vars(found))
    return record
