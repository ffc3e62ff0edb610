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
    PlainValidator,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import WithJsonSchema
from pydantic_core import PydanticCustomError

from clusterc import quantity
from clusterc.characters import HIDDEN, named
from clusterc.diagnostics import kind_of, shown


class Block(BaseModel):
    """A mapping of the spec: closed, frozen, camelCase."""

    # Deferred: the whole spec's validator is built once, when a spec is read, instead of one more for every block.
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, defer_build=True)


def refuse(kind: str, message: str, fix: str) -> PydanticCustomError:
    """Return the error of a value that is not allowed: what was found, and how to mend it."""
    return PydanticCustomError(kind, "{message}", {"message": message, "fix": fix})


def _quantity(
    parse: Callable[[object], int], show: Callable[[int], str], most: int, *, zero: bool = False
) -> BeforeValidator:
    def validate(value: object) -> int:
        try:
            found = parse(value)
        except quantity.QuantityError as error:
            raise refuse("quantity", str(error), error.fix) from None
        if found < (not zero):
            raise refuse("quantity", f"{shown(value)} is not above 0", "write more, or leave it out where it may lack")
        if found > most:
            raise refuse("quantity", f"{shown(value)} is more than {show(most)}", f"write {show(most)} at the most")
        return found

    return BeforeValidator(validate)


def _schema(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


# What no cluster has more of, and what every reader of the output still counts: int64 of bytes, Go's own durations.
_MOST_BYTES = 1024**6
_MOST_NANOSECONDS = 100 * 365 * quantity.NANOSECONDS["d"]
_MOST_BITS_PER_SECOND = 10**18
_MOST_MILLICORES = 10**8

_BYTES = r"^\d+(\.\d+)?(Ki|Mi|Gi|Ti|Pi|k|M|G|T)$"
_DURATION = r"^(\d+(\.\d+)?(ns|us|ms|s|m|h|d))+$"


def _duration(likely: str, *, zero: bool = False) -> BeforeValidator:
    parse = partial(quantity.parse_duration, likely=likely)
    return _quantity(parse, quantity.format_duration, _MOST_NANOSECONDS, zero=zero)


Bytes = Annotated[int, _quantity(quantity.parse_bytes, quantity.format_bytes, _MOST_BYTES), _schema(_BYTES, "8Gi")]
Duration = Annotated[int, _duration("s"), _schema(_DURATION, "30s")]
# A time that may be none.
Pause = Annotated[int, _duration("s", zero=True), _schema(_DURATION, "30s")]
Latency = Annotated[int, _duration("us"), _schema(_DURATION, "200us")]
Milliseconds = Annotated[int, _duration("ms"), _schema(_DURATION, "100ms")]
Days = Annotated[int, _duration("d"), _schema(_DURATION, "7d")]
Bandwidth = Annotated[
    int,
    _quantity(quantity.parse_bandwidth, quantity.format_bandwidth, _MOST_BITS_PER_SECOND),
    _schema(r"^\d+(\.\d+)?(M|G|T)bps$", "32Gbps"),
]
Cpu = Annotated[
    int,
    _quantity(quantity.parse_cpu, quantity.format_cpu, _MOST_MILLICORES),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": r"^\d+m$"}]}),
]

_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


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


def least_bytes(least: str) -> AfterValidator:
    """Return a validator of sizes of `least` or more."""

    def validate(value: int) -> int:
        if value < quantity.parse_bytes(least):
            raise refuse("quantity", f"{quantity.format_bytes(value)} is less than {least}", f"write {least} or more")
        return value

    return AfterValidator(validate)


Flag = StrictBool
_LONGEST_TEXT = 1024


def _readable(value: str, *, lines: bool = False) -> str:
    hidden = HIDDEN.search(value) or (None if lines else re.search(r"[\n\r\t]", value))
    if hidden:
        raise refuse("form", f"{shown(value)} holds {named(hidden[0])}", "write it without; a text is one line")
    return value


# One line that reads as it is compiled.
Text = Annotated[StrictStr, Field(min_length=1, max_length=_LONGEST_TEXT), AfterValidator(_readable)]
Count = Annotated[StrictInt, Field(ge=0, le=10_000_000)]
Positive = Annotated[StrictInt, Field(ge=1, le=10_000_000)]
Number = StrictInt | StrictFloat
Fraction = Annotated[Number, Field(ge=0, le=1)]
Rate = Annotated[Number, Field(gt=0, le=1_000_000)]


# As Go reads a range: no mask of four numbers, no zone, no leading zero.
_RANGE = re.compile(r"[0-9a-fA-F.:]{2,45}(/(0|[1-9][0-9]{0,2}))?")


def _network(value: object) -> IPv4Network | IPv6Network:
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise refuse("cidr", f"{shown(value)} is not a network range", "write it as address/bits, such as 10.0.0.0/16")
    try:
        network = ip_network(value)
    except ValueError:
        pass
    else:
        if _RANGE.fullmatch(value):
            return network
        meant = str(network).partition("%")[0] + (f"/{network.prefixlen}" if "%" in value else "")
        raise refuse("cidr", f"{value!r} is a form of range that Kubernetes does not read", f"did you mean {meant}?")
    try:
        loose = ip_network(value, strict=False)
    except ValueError:
        raise refuse(
            "cidr", f"{shown(value)} is not a network range", "write it as address/bits, such as 10.0.0.0/16"
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
        if isinstance(value, str) and len(value) <= _LONGEST_TEXT and compiled.fullmatch(value):
            return _readable(value)
        raise refuse("form", f"{shown(value)} is not {what}", fix)

    return BeforeValidator(validate)


_PERCENT = r"(0|[1-9]\d{0,3})%|[1-9]\d{0,6}"
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


def _plain(value: Any) -> Any:
    """Return a plain value that every reader of the output takes for the same, its keys in order, or raise.

    A spec whose keys are written in another order says the same, and is built alike.
    """
    if isinstance(value, dict):
        return {_plain(key): _plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        _readable(value, lines=True)
    elif isinstance(value, int | float) and not abs(value) < _LARGEST_NUMBER:
        raise refuse("form", f"{shown(value)} is a number beyond 64 bits", "write a smaller one")
    return value


def _scalar(value: object) -> object:
    if not isinstance(value, bool | int | float | str):
        found = "nothing" if value is None else kind_of(value)
        raise refuse("form", f"{found} is not a text, a number, true or false", "write one of them, or remove it")
    return _readable(value) if isinstance(value, str) else _plain(value)


_LARGEST_NUMBER = 2**63
Tree = Annotated[dict[str, Any], AfterValidator(_plain)]
Scalar = Annotated[
    bool | int | float | str,
    PlainValidator(_scalar),
    WithJsonSchema({"anyOf": [{"type": kind} for kind in ("boolean", "integer", "number", "string")]}),
]


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
