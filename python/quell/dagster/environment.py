"""What the main job takes from the environment."""

import os

SOURCE = os.environ.get("QUELL_SOURCE", "s3://raw/transactions/")
TARGET = os.environ.get("QUELL_TARGET", "s3://lake/weekly_revenue")
MEMORY_LIMIT = os.environ.get("QUELL_MEMORY_LIMIT", "")
IN_PROCESS = os.environ.get("QUELL_IN_PROCESS") == "true"
REMOTE = os.environ.get("QUELL_REMOTE")
SENSOR_SECONDS = int(os.environ.get("QUELL_SENSOR_SECONDS", "30"))
