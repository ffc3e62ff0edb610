"""One file of a built tree, before it is text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

Scalar = bool | int | float | str
Tree = dict[str, "Value"]
Value = None | bool | int | float | str | list["Value"] | Tree


class Impact(Enum):
    """What putting a changed file into force costs a running cluster, from the mildest on."""

    NONE = "none"
    DYNAMIC = "dynamic"
    RESTART = "restart"
    DRAIN = "drain"
    RECREATE = "recreate"


class Form(Enum):
    """How a document's body becomes text."""

    YAML = "yaml"
    JSON = "json"
    TOML = "toml"
    TEXT = "text"
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True)
class Document:
    """One file: where it lies, what it says, who reads it, and which parts of the spec it comes from.

    `path` is relative to the built tree, with forward slashes, and comes from identity, never from an index.
    `reader` names the program that reads the file; conformance tests are chosen by it.
    `owner` lists spec paths. `body` is a plain tree, or finished text for forms without a tree.
    """

    path: str
    kind: str
    body: Tree | str
    reader: str
    owner: tuple[str, ...]
    impact: Impact
    form: Form = Form.YAML


@dataclass(frozen=True, slots=True)
class Change:
    """What an overlay did to one field of a document, which came from the parts of the spec in `owner`.

    `overlay` is the path of the overlay in the spec, `field` that of the field in the document; `before` or `after` is
    None where the field was not there, or is not any more.
    """

    overlay: str
    file: str
    owner: tuple[str, ...]
    field: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class File:
    """One file as it is to stand on disk; `path` is relative to the built tree."""

    path: str
    text: str
    kind: str
    reader: str
    owner: tuple[str, ...]
    impact: Impact
