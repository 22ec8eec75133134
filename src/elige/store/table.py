"""The tables as queries see them; the migrations make them."""

from sqlalchemy import BigInteger, Column, Double, MetaData, Table, Text

from elige.store.column import AnyText

METADATA = MetaData()


def _key(name: str, kind: type[Text] | type[AnyText] | type[BigInteger] = Text) -> Column[object]:
    return Column(name, kind, primary_key=True, autoincrement=False)


MIGRATIONS = Table("elige_migrations", METADATA, _key("number", BigInteger), Column("name", Text))

ANSWERS = Table(
    "answers",
    METADATA,
    _key("candidate"),
    _key("sent"),
    _key("repeat", BigInteger),
    Column("run", Text),
    Column("body", AnyText),
)

SCORES = Table(
    "scores",
    METADATA,
    _key("candidate"),
    _key("sent"),
    _key("repeat", BigInteger),
    _key("scorer"),
    _key("target"),
    Column("value", Double),
    Column("outcome", Text),
    Column("body", AnyText),
)

HOLDERS = Table(
    "holders",
    METADATA,
    _key("id"),
    Column("host", AnyText),
    Column("pid", BigInteger),
    Column("started", Double),
    Column("expires", Double),
)

LEASES = Table(
    "leases",
    METADATA,
    _key("candidate"),
    _key("sent"),
    _key("repeat", BigInteger),
    Column("holder", Text),
)

RUNS = Table(
    "runs",
    METADATA,
    _key("id"),
    Column("kind", Text),
    Column("task", AnyText),
    Column("data_hash", Text),
    Column("spec", AnyText),
    Column("created", Text),
    Column("updated", Text),
    Column("status", Text),
    Column("verdict", AnyText),
    Column("reason", AnyText),
    Column("holder", Text),
)

TEXTS = Table("texts", METADATA, _key("digest"), Column("body", AnyText))

ENTRIES = Table(
    "entries",
    METADATA,
    _key("run"),
    _key("name", AnyText),
    _key("position", BigInteger),
    _key("repeat", BigInteger),
    Column("sample", AnyText),
    Column("candidate", Text),
    Column("sent", Text),
    Column("scorer", Text),
    Column("target", Text),
    Column("prompt", Text),
)

LOOKS = Table("looks", METADATA, _key("data_hash"), _key("run"))

LOCKS = Table(
    "locks",
    METADATA,
    _key("data_hash"),
    Column("fraction", Double),
    Column("seed", Text),
    Column("samples", Text),
    Column("created", Text),
)

OPENINGS = Table("openings", METADATA, _key("data_hash"), _key("run"), Column("opened", Text))

ALLOWED = Table("allowed", METADATA, _key("kind"), _key("digest"), Column("name", AnyText))

MEASURES = Table(
    "measures",
    METADATA,
    _key("candidate"),
    _key("machine", AnyText),
    _key("name"),
    _key("date"),
    Column("value", Double),
)

FILES = Table(
    "files",
    METADATA,
    _key("path", AnyText),
    Column("size", BigInteger),
    Column("mtime_ns", BigInteger),
    Column("inode", Text),
    Column("digest", Text),
)
