"""One spec to its canonical form: refused where it is no text to move, and never written with another meaning."""

from __future__ import annotations

import json
from typing import Literal

import click

from clusterc.cli._inputs import Input
from clusterc.cli._put import put
from clusterc.cli._run import text_of
from clusterc.load.text import read
from clusterc.load.yaml_spec import load_yaml
from clusterc.report.findings import full
from clusterc.spec.canonical import canonical
from clusterc.spec.parts import NotFormattedError

# `wrong`: a text that says something else than it seems to, or nothing; `unusable`: no text can be had or written.
Outcome = Literal["changed", "same", "wrong", "unusable"]


def format_one(item: Input, *, check: bool) -> Outcome:
    """Format one spec, or with `check` only name it where it would change."""
    if item.path.suffix == ".jsonnet":
        click.echo(f"{item.name}: Jsonnet is left as it is", err=True)
        return "same"
    try:
        text = _text(item)
        if text is None:
            return "wrong"
        formatted = _verified(text, item.name)
        if formatted.encode() == item.path.read_bytes():
            return "same"
        if not check:
            put(item.path, formatted)
    except NotFormattedError as error:
        click.echo(f"{item.name}:{error.line}: {error}; it is left as it is", err=True)
        return "wrong"
    except OSError as error:
        click.echo(f"clusterc: {item.name}: {error.strerror or error}", err=True)
        return "unusable"
    click.echo(item.name)
    return "changed"


def _text(item: Input) -> str | None:
    """Return a spec's text; what is wrong with the text itself is shown."""
    text, findings = read(item.path, name=item.name)
    if text is not None:
        _, wrong = load_yaml(text, name=item.name)
        findings = (*findings, *wrong)
    if findings:
        click.echo(full(findings, {item.name: text_of(item.path)}), err=True, nl=False)
        return None
    return text


def _verified(text: str, name: str) -> str:
    """Return the canonical form, once it is sure to say what the text says."""
    formatted = canonical(text)
    if _meaning(text, name) != _meaning(formatted, name):
        raise AssertionError(f"the canonical form of {name} would say something else; nothing is written")
    return formatted


def _meaning(text: str, name: str) -> str:
    source, findings = load_yaml(text, name=name)
    return json.dumps([source.data if source else None, len(findings)], sort_keys=True)
