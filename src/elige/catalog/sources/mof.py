"""Model files of the Model Openness Framework: https://github.com/lfai/model_openness_tool."""

from collections.abc import Mapping

from elige.catalog.hostile import Tree
from elige.catalog.openness.mof import is_mof
from elige.catalog.openness.words import section, told
from elige.catalog.sources.framework_files import LONGEST_TITLE, Described, FrameworkFiles
from elige.catalog.sources.reading import text


class MofFiles(FrameworkFiles):
    """Reads the framework's files of models."""

    name = "mof"
    title = "Model Openness Framework"
    address = "https://github.com/lfai/model_openness_tool/tree/main/models"
    download = "https://github.com/lfai/model_openness_tool/archive/refs/heads/main.tar.gz"

    def described(self, tree: Mapping[str, Tree]) -> Described:
        """The release. Raises `ValueError` for another file, and for a release without name."""
        if not is_mof(tree):
            raise ValueError("no file of the framework: it has no 'release'")
        release = section(tree, "release")
        title = text(release.get("name"))[:LONGEST_TITLE]
        if not title:
            raise ValueError("the release has no name")
        return Described(title, [told(release.get("huggingface"))])
