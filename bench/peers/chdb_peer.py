"""The main job's query in chDB: chdb_peer.py FOLDER ANSWER."""

import sys
from pathlib import Path

import chdb

folder, answer = sys.argv[1:]
result = chdb.query(
    f"""
    SELECT toMonday(event_time) AS week, country, category, count() AS transactions, sum(amount) AS revenue,
           avg(amount) AS average, min(amount) AS least, max(amount) AS most
    FROM file('{folder}/*.parquet', Parquet)
    WHERE status = 'completed'
    GROUP BY week, country, category
    """,
    "CSV",
)
Path(answer).write_bytes(result.bytes())
