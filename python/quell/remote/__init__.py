"""The client of `quell --remote`: sends statements to a Spark cluster through Spark Connect.

The `quell` command splits the script, replaces variables and prints results; it starts `python -m quell.remote` in the
environment `remote`, gives it statements on standard input, and takes their rows as Arrow from standard output.
`protocol.py` says how; PySpark's own client does the talking with Spark.
"""
