"""Texts of one form: hosts, paths, images and what else is written into files that a machine reads as root."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator, StrictStr
from pydantic.json_schema import WithJsonSchema

from clusterc.diagnostics import shown
from clusterc.spec.base import refuse

_DNS = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*")
_LONGEST_DNS = 253
_LONGEST = 1024


def is_dns_name(text: str) -> bool:
    """Return whether a text is a name of DNS, in lower case as Kubernetes wants it."""
    return len(text) <= _LONGEST_DNS and _DNS.fullmatch(text) is not None


def is_host(text: str) -> bool:
    """Return whether a text is a name of DNS, or the address of one machine."""
    if "%" in text or len(text) > _LONGEST_DNS:
        return False
    try:
        address = ip_address(text)
    except ValueError:
        # What consists of numbers alone is an address that was mistyped.
        return is_dns_name(text) and not text.replace(".", "").isdigit()
    return not (address.is_unspecified or address.is_multicast)


def _host(value: str) -> str:
    if is_host(value):
        return value
    raise refuse("form", f"{shown(value)} is not a host", "write a name such as cp-1.example.internal, or an address")


def _domain(value: str) -> str:
    if is_dns_name(value):
        return value
    raise refuse("form", f"{shown(value)} is not a domain", "write a name such as cluster.local, in lower case")


_V4, _V6 = r"[0-9.]+", r"[0-9a-f]*:[0-9a-f:.]*"
_RESOLVER = re.compile(rf"(?P<bare>{_V4}|{_V6})|(\[(?P<v6>{_V6})\]|(?P<v4>{_V4})):(?P<port>[0-9]{{1,5}})")


def _resolver(value: str) -> str:
    found = _RESOLVER.fullmatch(value)
    if found and 0 < int(found["port"] or 53) <= 65535:
        address = found["bare"] or found["v6"] or found["v4"]
        if is_host(address):
            return value
    raise refuse("form", f"{shown(value)} is not the address of a resolver", "write it as 10.0.0.2 or 10.0.0.2:5353")


def _form(pattern: str, what: str, fix: str, example: str) -> tuple[AfterValidator, WithJsonSchema]:
    compiled = re.compile(pattern, re.ASCII)

    def validate(value: str) -> str:
        if len(value) <= _LONGEST and compiled.fullmatch(value):
            return value
        raise refuse("form", f"{shown(value)} is not {what}", fix)

    schema = {"type": "string", "pattern": f"^({pattern})$", "examples": [example]}
    return AfterValidator(validate), WithJsonSchema(schema)


def _texts(example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "minLength": 1, "examples": [example]})


Host = Annotated[StrictStr, AfterValidator(_host), _texts("cp-1.example.internal")]
Domain = Annotated[StrictStr, AfterValidator(_domain), _texts("cluster.local")]
Resolver = Annotated[StrictStr, AfterValidator(_resolver), _texts("10.0.0.2")]

# A part of a path is never `.` or `..`.
_PART = r"/(?!\.{1,2}(/|$))[A-Za-z0-9._@+-]+"
Folder = Annotated[
    StrictStr,
    *_form(
        f"({_PART})+",
        "the absolute path of a folder",
        "write it from the root, of letters, digits and -_.@+, such as /var/backups/etcd",
        "/var/backups/etcd",
    ),
]
# The folder around it is given to a container: one such as /etc holds what is none of its business.
FileInFolder = Annotated[
    StrictStr,
    *_form(
        f"({_PART}){{3,}}",
        "the absolute path of a file in a folder of its own",
        "write it from the root, at least two folders deep, such as /etc/kubernetes/encryption/config.yaml",
        "/etc/kubernetes/encryption/config.yaml",
    ),
]
_DATE = r"[0-9*/,.~]+(-[0-9*/,.~]+){1,2}"
_ZONE = r"UTC|[A-Z][A-Za-z_]+(/[A-Z][A-Za-z_]+)+"
_DAY = "(Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?"
Schedule = Annotated[
    StrictStr,
    *_form(
        rf"({_DAY}((\.\.|,){_DAY})* )?({_DATE} )?{_CLOCK}( ({_ZONE}))?",
        "a systemd calendar with a time of day",
        "write days, date, time and zone, such as Sun *-*-* 02:00:00 UTC or Mon..Fri 03:30",
        "Sun *-*-* 02:00:00 UTC",
    ),
]
_HOST_PORT = r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?"
Registry = Annotated[
    StrictStr,
    *_form(
        _HOST_PORT,
        "a registry",
        "write it as image names do, without a scheme: docker.io or registry.example.internal:5000",
        "docker.io",
    ),
]
Address = Annotated[
    StrictStr,
    *_form(
        rf"https?://({_HOST_PORT}|\[[0-9a-fA-F:]+\](:[0-9]{{1,5}})?)(/[A-Za-z0-9._~/-]*)?",
        "an address",
        "write it with its scheme, such as https://mirror.example.internal",
        "https://mirror.example.internal",
    ),
]
Image = Annotated[
    StrictStr,
    *_form(
        rf"({_HOST_PORT}/)?[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*"
        r"(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?",
        "an image",
        "write it as registry/name:tag",
        "registry.example.internal/train:1.2",
    ),
]
Release = Annotated[
    StrictStr,
    *_form(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,127}", "a release", "write it as the project does, such as v1.2.3", "v1.2.3"),
]
ResourceName = Annotated[
    StrictStr,
    *_form(
        r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?",
        "an extended resource",
        "write it as domain/name, such as nvidia.com/gpu",
        "nvidia.com/gpu",
    ),
]
MigProfile = Annotated[
    StrictStr,
    *_form(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,30}", "a MIG profile", "write it as nvidia-smi does: 1g.10gb", "1g.10gb"),
]
KernelSetting = Annotated[
    StrictStr,
    *_form(
        r"[a-z0-9_]+([./][A-Za-z0-9_.*-]+)+",
        "a kernel setting",
        "write its name with dots, such as net.core.somaxconn",
        "net.core.somaxconn",
    ),
]
# Names of flags, keys, fields and environment variables; dots lead into a field.
Setting = Annotated[
    StrictStr,
    *_form(
        r"[A-Za-z0-9_][A-Za-z0-9_.-]*",
        "the name of a setting",
        "write the name alone, without dashes before it, spaces or a value",
        "max-requests-inflight",
    ),
]
Zone = Annotated[
    StrictStr,
    *_form(
        r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?", "a zone", "write its name, such as eu-west-1a", "eu-west-1a"
    ),
]
