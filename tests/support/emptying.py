"""One database for many tests: to empty one costs a twentieth of making another."""

from __future__ import annotations

import psycopg

# As a new one is: nobody connected, nothing in it, and the rights that everybody has on it.
_EMPTY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid();
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT nspname FROM pg_namespace
        WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', name);
    END LOOP;
    FOR name IN SELECT DISTINCT grantee::regrole FROM pg_database, aclexplode(datacl)
        WHERE datname = current_database() AND grantee <> 0 AND grantee <> datdba
    LOOP
        EXECUTE format('REVOKE ALL ON DATABASE %I FROM %s', current_database(), name);
    END LOOP;
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO PUBLIC', current_database());
END $$;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""


def empty(url: str) -> None:
    """``url``: its superuser's."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_EMPTY)
