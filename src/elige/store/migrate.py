"""Brings a database to today's tables, whoever comes first."""

from sqlalchemy import Connection, inspect, select

from elige.errors import StoreError
from elige.store.dialect import adapted, is_foreign, lock_for_migration
from elige.store.migrations import NEWEST, STEPS
from elige.store.table import MIGRATIONS
from elige.store.trouble import place_of


def applied(connection: Connection) -> int:
    """The number of the newest step applied, 0 for an empty database.

    Raises `StoreError` for a SQLite file that another program made.
    """
    if not inspect(connection).has_table(MIGRATIONS.name):
        if is_foreign(connection):
            raise StoreError(
                f"{place_of(connection.engine.url)} is the database of another program.",
                hint="Move that file away, or set ELIGE_HOME to another folder.",
            )
        return 0
    return max(connection.execute(select(MIGRATIONS.c.number)).scalars(), default=0)


def refuse_newer(number: int) -> None:
    """Raise `StoreError` for a database that a newer program made."""
    if number > NEWEST:
        raise StoreError(
            f"The store was made by a newer elige (step {number}, this one knows {NEWEST}).",
            hint="Update elige, or set ELIGE_HOME to another folder to start a new store.",
        )


def migrate(connection: Connection) -> None:
    """Apply every step that is missing, all or none; to be called in a write transaction."""
    lock_for_migration(connection)
    number = applied(connection)
    refuse_newer(number)
    if number == 0:
        connection.exec_driver_sql(
            "CREATE TABLE IF NOT EXISTS elige_migrations"
            " (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)"
        )
    for step, name, statements in STEPS:
        if step > number:
            for statement in statements:
                connection.exec_driver_sql(adapted(connection, statement))
            connection.execute(MIGRATIONS.insert().values(number=step, name=name))
