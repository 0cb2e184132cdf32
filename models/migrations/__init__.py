"""Migrations (Alembic): a database of any age is brought to the tables of today, with its data in
place."""
