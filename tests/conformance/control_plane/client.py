"""A plain HTTPS client for API servers and etcd: one connection that stays open, JSON both ways."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

from conformance.control_plane.processes import LOOPBACK

SECONDS = 60
JSON, YAML = "application/json", "application/yaml"
MERGE_PATCH = "application/merge-patch+json"
# YAML in name only: JSON is YAML.
APPLY_PATCH = "application/apply-patch+yaml"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def ok(self) -> bool:
        return self.status < 300

    @property
    def data(self) -> Any:
        """Return the answer's JSON."""
        return json.loads(self.text)

    def expect(self) -> Any:
        """Return the answer's JSON; raise where the server refused."""
        if not self.ok:
            raise AssertionError(f"{self.status}: {self.text[:2000]}")
        return self.data


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks: a client certificate, or a token, or a certificate that speaks for somebody else by headers."""

    authority: Path
    certificate: Path | None = None
    key: Path | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def context(self, *, trusting: bool) -> ssl.SSLContext:
        """Return TLS that trusts the cluster's authority alone, or anybody: some components sign for themselves."""
        context = ssl.create_default_context(cafile=str(self.authority))
        if trusting:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if self.certificate is not None:
            context.load_cert_chain(self.certificate, self.key)
        return context


class Client:
    """One connection to one server on loopback; not to be shared between threads."""

    def __init__(
        self, port: int, credentials: Credentials, *, trusting: bool = False, seconds: float = SECONDS
    ) -> None:
        self.credentials, self.last_words = credentials, ""
        context = credentials.context(trusting=trusting)
        self._connection = HTTPSConnection(LOOPBACK, port, timeout=seconds, context=context)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        content: str = JSON,
        query: Mapping[str, str | int] | None = None,
    ) -> Answer:
        """Send one request and return the answer; once more where the server had closed the idle connection."""
        target = f"{path}?{urlencode(query)}" if query else path
        text = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": content, "Accept": JSON, **self.credentials.headers}
        try:
            response = self._send(method, target, text, headers)
        except (ConnectionError, HTTPException, ssl.SSLError):
            self._connection.close()
            response = self._send(method, target, text, headers)
        return Answer(response.status, dict(response.headers), response.read().decode())

    def _send(self, method: str, target: str, text: bytes | None, headers: Mapping[str, str]) -> HTTPResponse:
        self._connection.request(method, target, body=text, headers=dict(headers))
        return self._connection.getresponse()

    def get(self, path: str, **query: str | int) -> Answer:
        return self.ask("GET", path, query=query)

    def post(self, path: str, body: Any, **query: str | int) -> Answer:
        return self.ask("POST", path, body, query=query)

    def patch(self, path: str, body: Any, **query: str | int) -> Answer:
        return self.ask("PATCH", path, body, content=MERGE_PATCH, query=query)

    def apply(self, path: str, body: Any, **query: str | int) -> Answer:
        """Apply an object as `kubectl apply --server-side` does."""
        query = {"fieldManager": "conformance", "fieldValidation": "Strict", **query}
        return self.ask("PATCH", path, body, content=APPLY_PATCH, query=query)

    def answers(self, path: str) -> bool:
        """Tell whether the server can be reached and says that all is well at `path`."""
        try:
            answer = self.get(path)
        except OSError as error:
            self._connection.close()
            self.last_words = f"{path}: {error}"
            return False
        self.last_words = f"{path}: {answer.status} {answer.text}"
        return answer.status == 200
