"""The main job's query in Spark, for spark-submit: spark_peer.py FOLDER ANSWER. The answer is a folder of CSV files."""

import sys

from pyspark.sql import SparkSession

folder, answer = sys.argv[1:]
spark = SparkSession.builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
spark.sql(f"""
    SELECT date_trunc('week', event_time) AS week, country, category, count(*) AS transactions, sum(amount) AS revenue,
           avg(amount) AS average, min(amount) AS least, max(amount) AS most
    FROM parquet.`{folder}`
    WHERE status = 'completed'
    GROUP BY ALL
""").write.csv(answer)
