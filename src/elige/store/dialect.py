"""The one place that knows SQLite from PostgreSQL."""

from collections.abc import Mapping, Sequence

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, inspect, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from elige.errors import BadInput, MissingExtra

Row = Mapping[str, object]

# The execution option that says how a SQLite transaction begins. One that reads first and writes
# later can fail at once instead of waiting (SQLITE_BUSY_SNAPSHOT), so one that will write takes
# the write lock at its beginning.
BEGIN = "elige_begin"
READING, WRITING, OUTSIDE = "BEGIN", "BEGIN IMMEDIATE", ""
# Any number will do, as long as every version of elige asks for the same one.
_MIGRATION_LOCK = 0x656C696765


def parsed(url: str) -> URL:
    """`url` as SQLAlchemy needs it, with the driver that elige installs.

    Raises `BadInput` for anything but a SQLite file and PostgreSQL.
    """
    hint = "Set ELIGE_DATABASE to sqlite:////path/elige.db or postgresql://user@host/name."
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise BadInput("The database's address cannot be read.", hint=hint) from error
    kind = parts.get_backend_name()
    if kind in {"postgresql", "postgres"}:
        return parts.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        raise BadInput(f"elige keeps its store in SQLite or PostgreSQL, not {kind}.", hint=hint)
    if parts.database in {None, "", ":memory:"} or parts.query:
        raise BadInput("The store needs a plain file, not a database in memory.", hint=hint)
    return parts.set(drivername="sqlite+pysqlite")


def opened(url: URL, *, patience: float) -> Engine:
    """An engine whose write transactions wait at most `patience` seconds for another's.

    Raises `MissingExtra` when the driver is not installed.
    """
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, max_overflow=-1, connect_args={"timeout": patience})
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        return create_engine(url, max_overflow=-1, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise MissingExtra("A store in PostgreSQL", extra="postgres") from error


def insert_new(connection: Connection, table: Table, rows: Sequence[Row]) -> int:
    """How many of `rows` were inserted; those whose primary key is there already are not."""
    if not rows:
        return 0
    statement = _insert(connection, table).on_conflict_do_nothing(index_elements=_key_of(table))
    result = connection.execute(statement, rows, execution_options={"preserve_rowcount": True})
    return result.rowcount


def upsert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert `rows`; those whose primary key is there already replace what is there."""
    if not rows:
        return
    statement = _insert(connection, table)
    others = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if not column.primary_key
    }
    connection.execute(
        statement.on_conflict_do_update(index_elements=_key_of(table), set_=others), rows
    )


def log_ahead(connection: Connection) -> None:
    """Switch a SQLite file to write-ahead logging, for good; not within a transaction."""
    if connection.dialect.name != "sqlite":
        return
    if connection.exec_driver_sql("PRAGMA journal_mode").scalar() != "wal":
        connection.exec_driver_sql("PRAGMA journal_mode = WAL").scalar()


def lock_for_migration(connection: Connection) -> None:
    """Wait until no other process migrates; SQLite's write transaction has seen to it already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")


def is_foreign(connection: Connection) -> bool:
    """Whether this is the SQLite file of another program: it has tables, but none of elige's."""
    return connection.dialect.name == "sqlite" and bool(inspect(connection).get_table_names())


def adapted(connection: Connection, statement: str) -> str:
    """A migration's statement in this database's words."""
    clustered = "WITHOUT ROWID" if connection.dialect.name == "sqlite" else ""
    return statement.replace("{clustered}", clustered)


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def _key_of(table: Table) -> list[str]:
    return [column.name for column in table.primary_key.columns]


def _set_up_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # Without this Python's driver begins transactions on its own, and never an immediate one.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    statement = connection.get_execution_options().get(BEGIN, READING)
    if statement != OUTSIDE:
        connection.exec_driver_sql(statement)
