"""The main job's query in DuckDB: duckdb_peer.py FOLDER ANSWER.

Over TIMESTAMP WITH TIME ZONE date_trunc asks ICU row by row; over the same instants without a zone it is several
times faster, so that is what is measured.
"""

import sys

import duckdb

folder, answer = sys.argv[1:]
duckdb.sql(f"""
    COPY (
      SELECT date_trunc('week', make_timestamp(epoch_us(event_time)))::DATE AS week, country, category,
             count(*) AS transactions, sum(amount) AS revenue, avg(amount) AS average, min(amount) AS least,
             max(amount) AS most
      FROM read_parquet('{folder}/*.parquet')
      WHERE status = 'completed'
      GROUP BY ALL
    ) TO '{answer}' (FORMAT csv)
""")
