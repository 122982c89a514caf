"""Alembic's entry: runs the migrations on the connection the store hands over, inside its transaction.

From a shell (`alembic -c pilotwatch/store/migrations/alembic.ini revision --autogenerate`) it opens the installation's store.
"""

from alembic import context

from pilotwatch.settings import settings
from pilotwatch.store.engine import create, writing
from pilotwatch.store.metadata import metadata
from pilotwatch.store.records import PREFIX


def is_ours(_object, name, kind, _reflected, _compared) -> bool:
    """Tables derived from records are no business of the migrations."""
    return not (kind == "table" and name and (name.startswith(PREFIX) or name == "schema_lock"))


def run(connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, include_object=is_ours)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with writing(create(settings().url)) as connection:
        run(connection)
