"""An API key, kept out of everything that can be read."""

import re
from dataclasses import dataclass, field

LONGEST_LINE = 200
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Secret:
    """The key, '' for none; its repr shows nothing."""

    value: str = field(repr=False)

    def scrubbed(self, text: str) -> str:
        """The text with the key, wherever it stands, replaced by stars."""
        return text.replace(self.value, "***") if self.value else text

    def line(self, text: str) -> str:
        """The text scrubbed, as one printable line of at most 200 characters.

        Of a web page only its title is left.
        """
        title = _TITLE.search(text)
        told = title.group(1) if title else text
        printable = "".join(letter if letter.isprintable() else " " for letter in told)
        shown = self.scrubbed(" ".join(printable.split()))
        if len(shown) > LONGEST_LINE:
            return f"{shown[:LONGEST_LINE]}..."
        return shown.removesuffix(".")
