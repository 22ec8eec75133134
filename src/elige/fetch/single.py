"""One small file of a hub model, without the rest of it."""

import logging
from pathlib import Path

from elige.errors import EligeError, NotFound
from elige.fetch import Hub, _told


def hub_file(repo: str, name: str, *, revision: str = "", hub: Hub) -> Path:
    """The file `name` of the hub model `repo`, downloaded or kept from before.

    Raises `NotFound` for a model or a file that is not there, `NotAllowed` for a gated one and
    `EligeError` when the hub cannot be reached and the file was not downloaded before.
    """
    from huggingface_hub import errors, hf_hub_download
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    try:
        found = hf_hub_download(
            repo,
            name,
            revision=revision or None,
            cache_dir=hub.folder / "files",
            endpoint=hub.address,
            token=hub.token or False,
            local_files_only=hub.offline,
        )
    except errors.LocalEntryNotFoundError as error:
        raise EligeError(
            f"{name} of {repo} was not downloaded before, and the hub cannot be asked.",
            hint="Connect to the network and unset HF_HUB_OFFLINE, or give a local file.",
        ) from error
    except errors.EntryNotFoundError as error:
        raise NotFound(
            f"file of {repo}", name, hint="Give a model that has one, or a local file."
        ) from error
    except Exception as error:  # the library raises errors of three other libraries
        raise _told(error, repo, revision, hub) from error
    return Path(found)
