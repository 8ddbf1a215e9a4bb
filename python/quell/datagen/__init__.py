"""`quell datagen`: makes the table `transactions` as Parquet files, the same for a seed whatever made it."""
