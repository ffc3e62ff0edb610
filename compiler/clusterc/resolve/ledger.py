"""Every decision of the resolver, with its reason: the spec first, then the preset, then what is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from clusterc.kubernetes import flag_text
from clusterc.model.decision import Decision, Origin
from clusterc.model.document import Tree
from clusterc.model.source import Source

T = TypeVar("T")
Show = Callable[[Any], Any]


def _plain(value: Any) -> Any:
    return value


class Ledger:
    """Takes decisions one after another and keeps them by path."""

    def __init__(self, source: Source, preset: str, presets: Mapping[str, Any]) -> None:
        self._source = source
        self._preset_name = preset
        self._preset = presets[preset]
        self.decisions: dict[str, Decision] = {}

    def pick(
        self,
        path: str,
        given: T | None,
        default: T,
        *,
        why: str,
        source: str = "",
        show: Show = _plain,
        catalogue: bool = False,
    ) -> T:
        """Decide one value: as the spec gives it, else as the preset has it, else `default`.

        `why` is the formula or reason of the default, with its numbers; `show` returns what a spec would say.
        """
        if given is not None:
            self.given(path, show(given))
            return given
        preset = self._preset.get(re.sub(r"\[[^]]*\]", "[]", path))
        if preset is not None:
            value: T = preset["value"]
            reason = f"preset {self._preset_name}: {preset['why']}"
            self._note(Decision(path, show(value), Origin.PRESET, reason))
            return value
        origin = Origin.CATALOGUE if catalogue else Origin.DEFAULT
        self._note(Decision(path, show(default), origin, why, source))
        return default

    def given(self, path: str, value: Any) -> None:
        """Note a value that the spec says."""
        steps = self._source.nearest(path)
        span = self._source.span(steps) if len(steps) > 1 else None
        self._note(Decision(path, value, Origin.SPEC, span=span))

    def fixed(self, path: str, value: T, *, why: str, source: str = "", show: Show = _plain) -> T:
        """Note a value that follows from others and that no spec can say otherwise."""
        self._note(Decision(path, show(value), Origin.DEFAULT, why, source))
        return value

    def repeat(self, path: str, value: T, *, of: str) -> T:
        """Note a value that says in other terms what was decided under the path `of`, for the same reason."""
        first = self.decisions[of]
        self._note(replace(first, path=path, value=value, follows=of))
        return value

    def passed_on(self, path: str, value: T, *, instead_of: object, of: str) -> T:
        """Note a value that the spec passes on to a component where `instead_of` was decided under the path `of`."""
        self.given(path, value)
        self._note(replace(self.decisions[path], follows=of, instead_of=instead_of))
        return value

    def settings(self, path: str, given: Mapping[str, Any]) -> Settings:
        """Return the settings of one component, to be decided one by one."""
        return Settings(self, path, given)

    def _note(self, decision: Decision) -> None:
        self.decisions[decision.path] = decision


class Settings:
    """The fields or flags of one component's configuration; what the spec passes on as it is wins over ours."""

    def __init__(self, ledger: Ledger, path: str, given: Mapping[str, Any]) -> None:
        self._ledger, self._path, self._given = ledger, path, given
        self._tree: Tree = {}

    def given(self, name: str) -> Any:
        """Return what the spec passes on for a field, or None."""
        return self._given.get(name)

    def value(self, name: str) -> Any:
        """Return what a field will be, as decided so far or as the spec passes it on, or None."""
        return self._tree.get(name, self._given.get(name))

    def put(self, name: str, value: Any, *, why: str, source: str = "") -> Any:
        """Decide one field, and return its value."""
        picked: Any = self._ledger.pick(self._where(name), self._given.get(name), value, why=why, source=source)
        self._tree[name] = picked
        return picked

    def take(self, name: str, value: Any, *, of: str) -> Any:
        """Place a value that was decided under the path `of`, unless the spec passes another one on; return it."""
        where, given = self._where(name), self._given.get(name)
        if given is None:
            picked = self._ledger.repeat(where, value, of=of)
        else:
            picked = self._ledger.passed_on(where, given, instead_of=value, of=of)
        self._tree[name] = picked
        return picked

    def tree(self) -> Tree:
        """Return every field, ours first, then what else the spec passes on, by name."""
        for name in sorted(set(self._given) - set(self._tree)):
            self._ledger.given(self._where(name), self._given[name])
            self._tree[name] = self._given[name]
        return self._tree

    def flags(self) -> dict[str, str]:
        """Return every setting as the text of a command-line flag, by name."""
        return {name: flag_text(value) for name, value in sorted(self.tree().items())}

    def _where(self, name: str) -> str:
        return f"{self._path}[{name}]" if "." in name else f"{self._path}.{name}"
