"""Quell: a batch engine that runs Spark SQL in one process, inside a memory limit."""

__version__ = "0.1.0"
