"""The prices of the package genai-prices, in the catalogue once a price is asked for."""

from elige.catalog.shelf import Shelf, SyncOptions
from elige.catalog.sources import source
from elige.config import today
from elige.errors import EligeError
from elige.records import Catalogue, Place
from elige.workbench.bench import Workbench

NAME = "genai-prices"


def gather_prices(bench: Workbench) -> None:
    """Have the catalogue know the installed prices; where that edition is known nothing is read.

    As with own runs, nobody waits for it, and where it cannot be done, that is said.
    """
    shelf: Catalogue = bench.catalogue
    if not isinstance(shelf, Shelf):
        return
    try:
        package = source(NAME)
        version = str(getattr(package, "version", ""))
        if any(one.source == NAME and one.version == version for one in shelf.states()):
            return
        bench.say("Reading the prices of the installed package genai-prices.")
        options = SyncOptions(
            today=today(), place="this machine", version=version, is_patient=False
        )
        shelf.sync(package, Place(fetched=today()), options)
    except EligeError as error:
        bench.say(f"The installed prices are not shown here: {error}")
