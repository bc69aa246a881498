"""The broker over TLS, as deploy/k8s/components/tls has it: `amqps`, an authority of its own in
`SSL_CERT_FILE`, and nobody is spoken to whom it did not vouch for.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared.servers import PrivateRabbitMQ
from shared.servers.ports import free_port

pytestmark = pytest.mark.integration

PROGRAM = Path(__file__).parent / "messaging_programs" / "tls_checks.py"


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class Authority:
    """Vouches for servers; its own certificate is in ``file``."""

    def __init__(self, folder: Path, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        self._folder = folder
        self.file = folder / f"{name}.crt"
        made = self._certificate(self._name, self._key.public_key(), ca=True)
        self.file.write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def server(self, host: str) -> tuple[Path, Path]:
        """Files with a certificate for this host and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate, private = self._folder / f"{host}.crt", self._folder / f"{host}.key"
        made = self._certificate(_name(host), key.public_key(), host=host)
        certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        private.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return certificate, private

    def _certificate(
        self, name: x509.Name, key: ec.EllipticCurvePublicKey, *, ca: bool = False, host: str = ""
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if host:
            names = x509.SubjectAlternativeName([x509.DNSName(host)])
            made = made.add_extension(names, critical=False)
        return made.sign(self._key, hashes.SHA256())


class TlsRabbitMQ(PrivateRabbitMQ):
    """With a listener for TLS beside the plain one."""

    def __init__(self, folder: Path, authority: Authority) -> None:
        super().__init__(folder)
        self.tls_port = free_port()
        self._authority = authority

    def _write_configuration(self) -> None:
        super()._write_configuration()
        certificate, key = self._authority.server("localhost")
        with (self.folder / "rabbitmq.conf").open("a") as more:
            more.write(
                f"listeners.ssl.1 = 127.0.0.1:{self.tls_port}\n"
                f"ssl_options.cacertfile = {self._authority.file}\n"
                f"ssl_options.certfile = {certificate}\n"
                f"ssl_options.keyfile = {key}\n"
            )

    def tls_url(self, host: str) -> str:
        return (
            self.url()
            .replace("amqp://", "amqps://")
            .replace(f"127.0.0.1:{self.port}", f"{host}:{self.tls_port}")
        )


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), "broker")


@pytest.fixture(scope="module")
def node(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsRabbitMQ]:
    node = TlsRabbitMQ(tmp_path_factory.mktemp("rabbitmq"), authority)
    node.start()
    yield node
    node.stop()


def said(url: str, trusted: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", PROGRAM, url],
        env={**os.environ, "PYTHONPATH": os.getcwd(), "SSL_CERT_FILE": str(trusted)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_calls_and_events_go_to_a_broker_that_is_vouched_for(
    node: TlsRabbitMQ, authority: Authority
) -> None:
    assert said(node.tls_url("localhost"), authority.file) == "connected, 1 confirmed"


def test_nothing_goes_to_a_broker_that_somebody_else_vouches_for(
    node: TlsRabbitMQ, tmp_path: Path
) -> None:
    stranger = Authority(tmp_path, "stranger")
    assert said(node.tls_url("localhost"), stranger.file) == "OperationalError, unavailable"
