"""A LocalStack plugin: the S3 provider `s3:volume` keeps bytes and metadata in a folder, the runtime server `loopback`
listens on the given host only.

The folder holds immutable data files (`objects/`), and one SQLite catalog (`catalog.sqlite`) that says which of them
are objects. A request is acknowledged after its data file is whole and its catalog transaction is committed, so that a
killed server loses nothing that it acknowledged and shows nothing that it did not.
"""
