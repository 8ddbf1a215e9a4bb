"""The object store that `quell s3` runs on this machine: a server in the background, its data in one folder."""
