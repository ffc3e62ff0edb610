"""`workloads`, `addons`, `webhooks`: what runs, in pools that exist, on ports that are free."""

from __future__ import annotations

from hypothesis import strategies as st

from specs.basic import BYTES, DURATION, FLAG, SHARE, Plain, chosen, names, number, one_of, optional, some
from specs.pools import Pool
from specs.teams import classes

# Components that clusterc emits, whose release an add-on of their name says.
COMPONENTS = {"coredns": "v1.14.6", "node-local-dns": "1.26.8", "flannel": "v0.28.5"}
# Ports of machines that add-ons take: each has one of its own.
ADDON_PORTS = (9100, 9400, 19_100)


def workloads(draw: st.DrawFn, pools: list[Pool], body: Plain) -> list[Plain]:
    """Return reference jobs that their pools hold; gangs only where something places them."""
    return [{"name": name} | workload(draw, pools, body) for name in names(draw, 2, least=1)]


def workload(draw: st.DrawFn, pools: list[Pool], body: Plain) -> Plain:
    """Return what a job says beside its name."""
    pool: Pool = chosen(draw, pools)
    gpus = number(draw, 0, pool.gpus)
    each = pool.gpus // gpus if gpus else 1 if pool.whole_node else pool.max_pods
    said: Plain = {"pool": pool.name, "pods": number(draw, 1, pool.most * each)}
    if gpus:
        said["resources"] = {"gpus": gpus} | optional(draw, cpu="500m", memory=BYTES)
    teams = [team["name"] for team in body.get("teams", ())]
    return said | optional(
        draw,
        team=(lambda: chosen(draw, teams)) if teams else None,
        instances=_INSTANCES,
        gang=FLAG if "gangs" in body else None,
        framework=_FRAMEWORK,
        startTarget=DURATION,
        image=BYTES,
        pdb=_BUDGET,
        placement=lambda: chosen(draw, placements(pool, said["pods"], each, gpus)),
        priority=lambda: chosen(draw, classes(body)),
        hostNetwork=FLAG,
        ports=[30_000],
    )


def placements(pool: Pool, pods: int, each: int, gpus: int) -> list[str]:
    """Return how closely together a job can ask to be placed: `each` of its pods fit on a machine."""
    found = ["any"]
    if -(-pods // each) <= pool.block:
        found.append("same-block")
    if pods * (gpus or pool.gpus) <= pool.nvlink_domain:
        found.append("same-nvlink-domain")
    return found


def addons(draw: st.DrawFn, pools: list[Pool], body: Plain) -> list[Plain]:
    """Return add-ons, of which some are components that clusterc emits."""
    components: list[Plain] = [
        {"name": name, "kind": "Deployment" if name == "coredns" else "DaemonSet", "version": COMPONENTS[name]}
        for name in some(draw, tuple(COMPONENTS))
    ]
    own = zip(names(draw, 2, prefix="agent-"), ADDON_PORTS, strict=False)
    return [*components, *({"name": name} | addon(draw, port, pools, body) for name, port in own)]


def addon(draw: st.DrawFn, port: int, pools: list[Pool], body: Plain) -> Plain:
    """Return what an add-on says beside its name; it takes this port, if any."""
    return {"kind": draw(_KIND)} | optional(
        draw,
        namespace=_NAMESPACE,
        pools=lambda: some(draw, [pool.name for pool in pools]),
        replicas=_REPLICAS,
        resources={"cpu": "100m", "memory": "64Mi"},
        tolerations=lambda: [optional(draw, key="example.com/reserved", value="a", effect=_EFFECT)],
        priority=lambda: chosen(draw, classes(body)),
        hostNetwork=FLAG,
        ports=[port],
        apiAccess=lambda: [access(draw)],
        writes=lambda: [write(draw)],
        ownsLabels=["example.com/checked"],
        needsLabels={"example.com/team": "a"},
        ownsTaints=["example.com/reserved"],
        needsTaints=["example.com/reserved"],
        rollout=lambda: optional(draw, maxUnavailable=SHARE),
    )


def access(draw: st.DrawFn) -> Plain:
    """Return one kind of request to the API server."""
    return {"verb": draw(_VERB), "resource": "pods"} | optional(
        draw, scope=_SCOPE, interval=DURATION, resourceVersion0=FLAG, encoding=_ENCODING
    )


def write(draw: st.DrawFn) -> Plain:
    """Return one kind of object that an add-on writes."""
    return {"kind": "NodeReport", "per": draw(_PER), "size": draw(BYTES)} | optional(
        draw, interval=DURATION, ttl=DURATION
    )


def webhooks(draw: st.DrawFn, pools: list[Pool]) -> list[Plain]:
    """Return admission webhooks."""
    return [{"name": name} | webhook(draw, pools) for name in names(draw, 2, least=1)]


def webhook(draw: st.DrawFn, pools: list[Pool]) -> Plain:
    """Return what a webhook says beside its name."""
    rule = {"resources": ["pods"]} | optional(draw, groups=[""], operations=["CREATE", "UPDATE"], scope=_RULE_SCOPE)
    backend = {"namespace": "policy"} | optional(
        draw,
        replicas=_REPLICAS,
        pool=lambda: chosen(draw, [pool.name for pool in pools]),
        hostNetwork=FLAG,
        needs=["dns"],
    )
    said = {"kind": draw(_WEBHOOK), "rules": [rule], "failurePolicy": draw(_POLICY), "backend": backend}
    return said | optional(draw, timeout=_TIMEOUT, excludedNamespaces=["kube-system"])


_INSTANCES = one_of(1, 180)
_FRAMEWORK = one_of("mpi", "pytorch", "ray", "jax", "other")
_BUDGET = one_of({"maxUnavailable": "1"}, {"minAvailable": "90%"})
_KIND = one_of("DaemonSet", "Deployment", "StatefulSet", "CronJob")
_NAMESPACE = one_of("kube-system", "monitoring")
_REPLICAS = one_of(1, 3)
_EFFECT = one_of("NoSchedule", "NoExecute")
_VERB = one_of("get", "list", "watch", "create", "update", "patch", "delete")
_SCOPE = one_of("node", "namespace", "cluster")
_RULE_SCOPE = one_of("Cluster", "Namespaced", "*")
_ENCODING = one_of("json", "protobuf")
_PER = one_of("node", "pod", "namespace", "cluster")
_WEBHOOK, _POLICY = one_of("validating", "mutating"), one_of("Fail", "Ignore")
_TIMEOUT = one_of("1s", "30s")
