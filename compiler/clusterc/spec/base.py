"""What every block of the spec language shares, and its scalar types.

A field's description is the editor's hover and the reference page. Units are parsed here, once: inside the models a
size is a whole number of its base unit (see `clusterc.quantity`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import WithJsonSchema
from pydantic_core import PydanticCustomError

from clusterc import quantity


class Block(BaseModel):
    """A mapping of the spec: closed, frozen, camelCase."""

    # Deferred: the whole spec's validator is built once, when a spec is read, instead of one more for every block.
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, defer_build=True)


def refuse(kind: str, message: str, fix: str) -> PydanticCustomError:
    """Return the error of a value that is not allowed: what was found, and how to mend it."""
    return PydanticCustomError(kind, "{message}", {"message": message, "fix": fix})


def _quantity(parse: Callable[[object], int]) -> BeforeValidator:
    def validate(value: object) -> int:
        try:
            return parse(value)
        except quantity.QuantityError as error:
            raise refuse("quantity", str(error), error.fix) from None

    return BeforeValidator(validate)


def _schema(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


_BYTES = r"^\d+(\.\d+)?(Ki|Mi|Gi|Ti|Pi|k|M|G|T)$"
_DURATION = r"^(\d+(\.\d+)?(ns|us|ms|s|m|h|d))+$"
Bytes = Annotated[int, _quantity(quantity.parse_bytes), _schema(_BYTES, "8Gi")]
Duration = Annotated[int, _quantity(quantity.parse_duration), _schema(_DURATION, "30s")]
Latency = Annotated[int, _quantity(partial(quantity.parse_duration, likely="us")), _schema(_DURATION, "200us")]
Milliseconds = Annotated[int, _quantity(partial(quantity.parse_duration, likely="ms")), _schema(_DURATION, "100ms")]
Days = Annotated[int, _quantity(partial(quantity.parse_duration, likely="d")), _schema(_DURATION, "7d")]
Bandwidth = Annotated[int, _quantity(quantity.parse_bandwidth), _schema(r"^\d+(\.\d+)?(M|G|T)bps$", "32Gbps")]
Cpu = Annotated[
    int,
    _quantity(quantity.parse_cpu),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": r"^\d+m$"}]}),
]

_UNITS = {"s": "seconds", "d": "days"}


def whole(unit: str, least: int, most: int) -> AfterValidator:
    """Return a validator of durations of whole units, from `least` to `most` of them, for who knows no others."""
    size = quantity.NANOSECONDS[unit]

    def validate(value: int) -> int:
        if value % size or not least <= value // size <= most:
            found, allowed = quantity.format_duration(value), f"{least}{unit} to {most:,}{unit}"
            raise refuse(
                "quantity",
                f"{found} is not {allowed} in whole {_UNITS[unit]}",
                f"write {least}{unit}, {most}{unit} or what lies between",
            )
        return value

    return AfterValidator(validate)


Flag = StrictBool
Text = Annotated[StrictStr, Field(min_length=1)]
Count = Annotated[StrictInt, Field(ge=0, le=10_000_000)]
Positive = Annotated[StrictInt, Field(ge=1, le=10_000_000)]
Number = StrictInt | StrictFloat
Fraction = Annotated[Number, Field(ge=0, le=1)]
Rate = Annotated[Number, Field(ge=0)]


def _network(value: object) -> IPv4Network | IPv6Network:
    if not isinstance(value, str):
        raise refuse("cidr", f"{value!r} is not a network range", "write it as address/bits, such as 10.0.0.0/16")
    try:
        return ip_network(value)
    except ValueError:
        pass
    try:
        loose = ip_network(value, strict=False)
    except ValueError:
        raise refuse(
            "cidr", f"{value!r} is not a network range", "write it as address/bits, such as 10.0.0.0/16"
        ) from None
    raise refuse("host_bits", f"{value} has bits set beyond /{loose.prefixlen}", f"did you mean {loose}?")


def _cidr(version: int) -> BeforeValidator:
    def validate(value: object) -> IPv4Network | IPv6Network:
        network = _network(value)
        if network.version != version:
            raise refuse("cidr", f"{network} is not an IPv{version} range", f"write an IPv{version} range here")
        if "/" not in str(value):
            raise refuse("cidr", f"{value!r} is one address, not a range", f"write its length, such as {value}/16")
        return network

    return BeforeValidator(validate)


CIDR = Annotated[IPv4Network, _cidr(4), _schema(r"^\d+\.\d+\.\d+\.\d+/\d+$", "10.64.0.0/12")]
CIDRv6 = Annotated[IPv6Network, _cidr(6), _schema(r"^[0-9a-fA-F:]+/\d+$", "fd00:10:64::/48")]

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_LABEL_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?")
_LABEL_KEY = re.compile(r"(?:[a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")


def _name(longest: int) -> BeforeValidator:
    def validate(value: object) -> str:
        if isinstance(value, str) and len(value) <= longest and _LABEL.fullmatch(value):
            return value
        if isinstance(value, str) and len(value) > longest:
            raise refuse("name", f"{value!r} has {len(value)} characters", f"at most {longest} are allowed here")
        if value is None:
            raise refuse("name", "a name is missing", "use lower-case letters, digits and inner dashes")
        mended = re.sub(r"[^a-z0-9]+", "-", str(value).lower()).strip("-")[:longest]
        raise refuse(
            "name",
            f"{value!r} is not a name Kubernetes takes",
            "use lower-case letters, digits and inner dashes" + (f": {mended}" if mended else ""),
        )

    return BeforeValidator(validate)


def _label(pattern: re.Pattern[str], what: str) -> BeforeValidator:
    def validate(value: object) -> str:
        if isinstance(value, str) and pattern.fullmatch(value) and len(value.rpartition("/")[2]) <= 63:
            return value
        fix = "at most 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit"
        raise refuse("label", f"{value!r} is not a {what} Kubernetes takes", fix)

    return BeforeValidator(validate)


def matching(pattern: str, what: str, fix: str) -> BeforeValidator:
    """Return a validator of texts of one form."""
    compiled = re.compile(pattern, re.ASCII)

    def validate(value: object) -> str:
        if isinstance(value, str) and compiled.fullmatch(value):
            return value
        raise refuse("form", f"{value!r} is not {what}", fix)

    return BeforeValidator(validate)


_PERCENT = r"(0|[1-9]\d*)%|[1-9]\d*"
Share = Annotated[
    str,
    matching(_PERCENT, "a number or share", 'write a quoted share ("10%") or a quoted number ("5")'),
    WithJsonSchema({"type": "string", "pattern": f"^({_PERCENT})$"}),
]

_NAME = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
Name = Annotated[str, _name(63), WithJsonSchema({"type": "string", "pattern": _NAME, "maxLength": 63})]
# Pool names become parts of host, file and object names; 40 leaves room for the longest suffix we add.
PoolName = Annotated[str, _name(40), WithJsonSchema({"type": "string", "pattern": _NAME, "maxLength": 40})]
LabelKey = Annotated[str, _label(_LABEL_KEY, "label key")]
LabelValue = Annotated[str, _label(_LABEL_VALUE, "label value")]
Labels = dict[LabelKey, LabelValue]
Tree = dict[str, Any]
Scalar = StrictBool | StrictInt | StrictFloat | StrictStr


# What YAML writes for values that Python writes otherwise.
WORDS = {"None": "nothing", "True": "true", "False": "false"}


def shorthand(expand: Callable[[Any], object], bare: type, full: type[Block], *, what: str) -> BeforeValidator:
    """Return a validator that also takes a bare value where a block stands; `what` says both in words."""

    def validate(value: object) -> object:
        if isinstance(value, bare) and not isinstance(value, bool):
            return expand(value)
        if not isinstance(value, dict):
            found = WORDS.get(str(value), repr(value))
            raise refuse("shorthand", f"{found} is not {what}", f"write {what}")
        return value

    return BeforeValidator(validate, json_schema_input_type=bare | full)
