"""The main job as Dagster assets: a feed of raw transactions, weekly revenue, a sensor and DuckDB's checks."""
