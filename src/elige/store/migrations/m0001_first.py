"""0001: answers, scores, leases, runs, looks, and what was allowed and measured."""

STATEMENTS = (
    """
    CREATE TABLE answers (
        candidate TEXT NOT NULL,
        sent TEXT NOT NULL,
        repeat BIGINT NOT NULL,
        run TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (candidate, sent, repeat)
    )
    """,
    """
    CREATE TABLE scores (
        candidate TEXT NOT NULL,
        sent TEXT NOT NULL,
        repeat BIGINT NOT NULL,
        scorer TEXT NOT NULL,
        target TEXT NOT NULL,
        value DOUBLE PRECISION NOT NULL,
        outcome TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (candidate, sent, repeat, scorer, target),
        FOREIGN KEY (candidate, sent, repeat) REFERENCES answers
    ) {clustered}
    """,
    """
    CREATE TABLE holders (
        id TEXT NOT NULL PRIMARY KEY,
        host TEXT NOT NULL,
        pid BIGINT NOT NULL,
        started DOUBLE PRECISION NOT NULL,
        expires DOUBLE PRECISION NOT NULL
    )
    """,
    """
    CREATE TABLE leases (
        candidate TEXT NOT NULL,
        sent TEXT NOT NULL,
        repeat BIGINT NOT NULL,
        holder TEXT NOT NULL REFERENCES holders ON DELETE CASCADE,
        PRIMARY KEY (candidate, sent, repeat)
    ) {clustered}
    """,
    "CREATE INDEX leases_by_holder ON leases (holder)",
    """
    CREATE TABLE runs (
        id TEXT NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL,
        task TEXT NOT NULL,
        data_hash TEXT NOT NULL,
        spec TEXT NOT NULL,
        created TEXT NOT NULL,
        updated TEXT NOT NULL,
        status TEXT NOT NULL,
        verdict TEXT
    )
    """,
    "CREATE INDEX runs_by_age ON runs (created, id)",
    "CREATE TABLE texts (digest TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL)",
    """
    CREATE TABLE entries (
        run TEXT NOT NULL REFERENCES runs,
        name TEXT NOT NULL,
        position BIGINT NOT NULL,
        repeat BIGINT NOT NULL,
        sample TEXT NOT NULL,
        candidate TEXT NOT NULL,
        sent TEXT NOT NULL,
        scorer TEXT NOT NULL,
        target TEXT NOT NULL,
        prompt TEXT NOT NULL REFERENCES texts,
        PRIMARY KEY (run, name, position, repeat)
    ) {clustered}
    """,
    """
    CREATE TABLE looks (
        data_hash TEXT NOT NULL,
        run TEXT NOT NULL,
        PRIMARY KEY (data_hash, run)
    ) {clustered}
    """,
    """
    CREATE TABLE locks (
        data_hash TEXT NOT NULL PRIMARY KEY,
        fraction DOUBLE PRECISION NOT NULL,
        seed TEXT NOT NULL,
        samples TEXT NOT NULL,
        created TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE openings (
        data_hash TEXT NOT NULL REFERENCES locks,
        run TEXT NOT NULL,
        opened TEXT NOT NULL,
        PRIMARY KEY (data_hash, run)
    ) {clustered}
    """,
    """
    CREATE TABLE allowed (
        kind TEXT NOT NULL,
        digest TEXT NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (kind, digest)
    ) {clustered}
    """,
    """
    CREATE TABLE measures (
        candidate TEXT NOT NULL,
        machine TEXT NOT NULL,
        name TEXT NOT NULL,
        date TEXT NOT NULL,
        value DOUBLE PRECISION NOT NULL,
        PRIMARY KEY (candidate, machine, name, date)
    ) {clustered}
    """,
    """
    CREATE TABLE files (
        path TEXT NOT NULL PRIMARY KEY,
        size BIGINT NOT NULL,
        mtime_ns BIGINT NOT NULL,
        inode TEXT NOT NULL,
        digest TEXT NOT NULL
    )
    """,
)
