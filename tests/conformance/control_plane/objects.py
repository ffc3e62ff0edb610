"""The API objects of a tree, in the order of its README, and where an API server keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from conformance.control_plane.client import Client
from conformance.trees import load

Object = dict[str, Any]
SUFFIXES = {
    "": Decimal(1), "n": Decimal("1e-9"), "u": Decimal("1e-6"), "m": Decimal("1e-3"),
    "k": Decimal(10**3), "M": Decimal(10**6), "G": Decimal(10**9), "T": Decimal(10**12), "P": Decimal(10**15),
    "Ki": Decimal(2**10), "Mi": Decimal(2**20), "Gi": Decimal(2**30), "Ti": Decimal(2**40), "Pi": Decimal(2**50),
}  # fmt: skip
# Zero values that no answer holds, by kind and path: in the API's Go type the field is no pointer, and is `omitempty`.
OMITTED: dict[str, Any] = {"PriorityClass.globalDefault": False}


def named(name: str, **fields: Any) -> Object:
    """Return an object of this name, whose kind its address says."""
    return {"metadata": {"name": name}, **fields}


def lease(holder: str) -> Object:
    """Return a machine's lease."""
    return named(holder, spec={"holderIdentity": holder, "leaseDurationSeconds": 40})


def ensure(client: Client, collection: str, item: Object) -> Object:
    """Return an object, made where there is none."""
    found = client.get(f"{collection}/{item['metadata']['name']}")
    made: Object = found.data if found.ok else client.post(collection, item).expect()
    return made


def objects_of(tree: Path) -> list[tuple[str, Object]]:
    """Return (path, object) of everything under `objects/`: those of the cluster first, as README says."""
    folder = tree / "objects"
    files = sorted(folder.rglob("*.yaml"), key=lambda file: (file.parent.name != "_cluster", file))
    return [(str(file.relative_to(tree)), load(file.read_text())) for file in files]


@dataclass(slots=True)
class Places:
    """Where one API server keeps the objects of each kind, as it says itself."""

    client: Client
    _known: dict[str, dict[str, tuple[str, bool]]] = field(default_factory=dict)

    def collection(self, item: Mapping[str, Any]) -> str:
        """Return the address under which an object of this kind is created."""
        version = item["apiVersion"]
        if version not in self._known:
            self._known[version] = self._discover(version)
        base = f"/apis/{version}" if "/" in version else f"/api/{version}"
        name, namespaced = self._known[version][item["kind"]]
        return (
            f"{base}/namespaces/{item['metadata'].get('namespace', 'default')}/{name}"
            if namespaced
            else f"{base}/{name}"
        )

    def item(self, item: Mapping[str, Any]) -> str:
        """Return the address of an object."""
        return f"{self.collection(item)}/{item['metadata']['name']}"

    def _discover(self, version: str) -> dict[str, tuple[str, bool]]:
        base = f"/apis/{version}" if "/" in version else f"/api/{version}"
        rows = self.client.get(base).expect()["resources"]
        return {row["kind"]: (row["name"], row["namespaced"]) for row in rows if "/" not in row["name"]}


def create_namespaces(admin: Client, places: Places, items: Iterable[Object]) -> None:
    """Create namespaces, without which nothing can be tried in them."""
    for item in items:
        if item["kind"] == "Namespace" and not admin.get(places.item(item)).ok:
            admin.post(places.collection(item), item).expect()


def unanswered(admin: Client, places: Places, item: Object) -> list[str]:
    """Return what a dry run of an object did not answer of what was sent, and what it warned of."""
    answer = admin.apply(places.item(item), item, dryRun="All", force="true")
    gone = [*missing(item, answer.data, item["kind"])] if answer.ok else [answer.text]
    return [*gone, *([answer.headers["Warning"]] if "Warning" in answer.headers else [])]


def missing(sent: Any, answered: Any, path: str) -> Iterator[str]:
    """Yield what was sent and is not in the answer, by kind and path; what the server added does not count."""
    if isinstance(sent, dict):
        if not isinstance(answered, dict):
            yield f"{path}: {answered!r} instead of {sent!r}"
            return
        for key, value in sent.items():
            if key not in answered and f"{path}.{key}" in OMITTED and value == OMITTED[f"{path}.{key}"]:
                continue
            yield from (
                missing(value, answered.get(key), f"{path}.{key}") if key in answered else (f"{path}.{key} is gone",)
            )
    elif isinstance(sent, list):
        if not isinstance(answered, list) or len(answered) < len(sent):
            yield f"{path}: {answered!r} instead of {sent!r}"
            return
        for number, value in enumerate(sent):
            yield from missing(value, answered[number], f"{path}[{number}]")
    elif not _equal(sent, answered):
        yield f"{path}: {answered!r} instead of {sent!r}"


def _equal(sent: Any, answered: Any) -> bool:
    if sent == answered and isinstance(sent, bool) == isinstance(answered, bool):
        return True
    one, other = amount(sent), amount(answered)
    return one is not None and one == other


def amount(text: Any) -> Decimal | None:
    """Return what a quantity of the Kubernetes API stands for; None where it is none."""
    digits = str(text).rstrip("KMGTPkmnui")
    suffix = str(text)[len(digits) :]
    if not digits.replace(".", "", 1).lstrip("-").isdigit() or suffix not in SUFFIXES:
        return None
    return Decimal(digits) * SUFFIXES[suffix]
