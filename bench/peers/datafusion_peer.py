"""The main job's query in DataFusion: datafusion_peer.py FOLDER ANSWER.

date_trunc is several times faster over timestamps without a time zone, so that is what is measured.
"""

import sys

from datafusion import SessionContext

folder, answer = sys.argv[1:]
context = SessionContext()
context.register_parquet("transactions", f"{folder}/")
context.sql(f"""
    COPY (
      SELECT date_trunc('week', arrow_cast(event_time, 'Timestamp(Microsecond, None)')) AS week, country, category,
             count(*) AS transactions, sum(amount) AS revenue, avg(amount) AS average, min(amount) AS least,
             max(amount) AS most
      FROM transactions
      WHERE status = 'completed'
      GROUP BY 1, 2, 3
    ) TO '{answer}' STORED AS CSV
""").collect()
