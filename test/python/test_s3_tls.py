"""The engine reads and commits over TLS, as on AWS itself."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from faulty_proxy import FaultyProxy, faulty_proxy
from object_stores import aws_environment, running_store
from quell_command import Quell

BUCKET = "bucket"
TABLE = f"delta.`s3://{BUCKET}/table`"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine that nobody else vouches for, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    key, own, both = (folder / name for name in ("key.pem", "own.pem", "both.pem"))
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", *kind, *names, "-keyout", str(key), "-out", str(own)]
    subprocess.run(command, check=True, capture_output=True)
    both.write_text(own.read_text() + key.read_text())
    return both


@pytest.fixture(scope="module")
def proxy(certificate: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyProxy]:
    """A store that is reached through TLS alone."""
    with running_store("localstack", tmp_path_factory.mktemp("store")) as store:
        store.client.create_bucket(Bucket=BUCKET)
        with faulty_proxy(store.endpoint, certificate) as proxy:
            yield proxy


def quell_with(proxy: FaultyProxy, **variables: str) -> Quell:
    return Quell(environment=aws_environment(proxy.endpoint) | variables)


def test_commits_and_reads(proxy: FaultyProxy, certificate: Path) -> None:
    quell = quell_with(proxy, AWS_CA_BUNDLE=str(certificate))
    create = f"CREATE OR REPLACE TABLE {TABLE} AS SELECT id, md5(CAST(id AS STRING)) AS digest FROM range(300000)"
    assert quell.run(create).returncode == 0
    assert quell.must(f"SELECT count(*), count(DISTINCT digest), max(id) FROM {TABLE}") == ["300000,300000,299999"]


def test_a_profile_names_the_certificates(proxy: FaultyProxy, certificate: Path, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text(f"[default]\nca_bundle = {certificate}\n")
    quell = quell_with(proxy, AWS_CONFIG_FILE=str(config))
    assert quell.run(f"CREATE OR REPLACE TABLE {TABLE} AS SELECT 1 AS one").returncode == 0


def test_a_certificate_that_nobody_trusts_is_refused(proxy: FaultyProxy) -> None:
    seen = len(proxy.requests)
    done = quell_with(proxy).run(f"SELECT * FROM {TABLE}")
    assert done.returncode == 1
    assert "self-signed certificate" in done.stderr
    assert "AWS_CA_BUNDLE" in done.stderr
    assert len(proxy.requests) == seen


def test_one_openssl_serves_all(proxy: FaultyProxy, certificate: Path) -> None:
    """libparquet exports an OpenSSL of its own; libcurl must not call a mixture of that and the system's."""
    quell = quell_with(proxy, AWS_CA_BUNDLE=str(certificate), LD_DEBUG="bindings")
    done = quell.run(f"CREATE OR REPLACE TABLE {TABLE} AS SELECT 1 AS one")
    assert done.returncode == 0
    bindings = re.findall(r"binding file (\S+) \S+ to (\S+) ", done.stderr)
    openssl = {(Path(user).name, Path(used).name) for user, used in bindings if re.search("lib(curl|ssl|crypto)", user)}
    assert any(used.startswith("libcrypto.so") for _, used in openssl)
    assert not [used for _, used in openssl if "parquet" in used]
