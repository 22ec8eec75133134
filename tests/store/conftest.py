"""A new store for each test: in SQLite, and in PostgreSQL where a server is named.

ELIGE_TEST_POSTGRES=postgresql://user@host/name runs every test there too, each in a schema of
its own.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from elige.store import Store

# Read at import: the tests themselves see no environment.
POSTGRES = os.environ.get("ELIGE_TEST_POSTGRES", "")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "elige.db"


@pytest.fixture(params=["sqlite", "postgres"] if POSTGRES else ["sqlite"])
def url(request: pytest.FixtureRequest, file: Path) -> Iterator[str]:
    """Where a store can be opened that nobody opened before."""
    if request.param == "sqlite":
        yield f"sqlite:///{file}"
        return
    schema = f"test_{uuid4().hex}"
    engine = create_engine(POSTGRES.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield f"{POSTGRES}?options=-csearch_path%3D{schema}"
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as store:
        yield store


@pytest.fixture
def other(url: str, store: Store) -> Iterator[Store]:
    """A second store on the same database, as another process would open it."""
    with Store.open(url) as other:
        yield other
