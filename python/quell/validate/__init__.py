"""What DuckDB says of a feed of transactions and of the table that was made of it."""
