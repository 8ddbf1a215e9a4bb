"""The main job's query in Polars, with its streaming engine: polars_peer.py FOLDER ANSWER."""

import sys

import polars as pl

folder, answer = sys.argv[1:]
amount = pl.col("amount")
(
    pl.scan_parquet(f"{folder}/*.parquet")
    .filter(pl.col("status") == "completed")
    .group_by(pl.col("event_time").dt.truncate("1w").alias("week"), "country", "category")
    .agg(
        pl.len().alias("transactions"),
        amount.sum().alias("revenue"),
        amount.cast(pl.Float64).mean().alias("average"),
        amount.min().alias("least"),
        amount.max().alias("most"),
    )
    .collect(engine="streaming")
    .write_csv(answer, datetime_format="%F")
)
