"""API servers: how many, how large, and every flag they are started with."""

from __future__ import annotations

from clusterc import quantity
from clusterc.defaults.control_plane import COMPACTION_NS
from clusterc.model.control_plane import ApiServer, Etcd
from clusterc.resolve.audit import AUDIT, audit_flags, audit_policy
from clusterc.resolve.balancer import balancer
from clusterc.resolve.etcd import default_hosts
from clusterc.resolve.facts import Facts
from clusterc.resolve.ledger import Settings
from clusterc.resolve.machines import sized

SECOND = 10**9
ADMISSION = "/etc/kubernetes/apiserver/admission-configuration.yaml"
SCALE_TEST = "Kubernetes' own 5,000-node scale test (kops)"


def decide_api_server(facts: Facts, *, stacked: bool) -> ApiServer:
    """Return the API servers without their flags, which also need what is decided of etcd."""
    body, ledger, rung = facts.body, facts.ledger, facts.rung
    plane, path = body.control_plane, "spec.controlPlane.apiServers"
    said = plane.api_servers
    ledger.given("spec.controlPlane.endpoint", plane.endpoint)
    count = ledger.pick(
        f"{path}.count",
        said.count,
        3 if stacked else rung.api_servers,
        why="stacked: an odd number of etcd members" if stacked else rung.why,
        source=rung.source,
    )
    hosts = said.hosts or default_hosts("api", count, plane.endpoint)
    for number, host in enumerate(hosts):
        if not said.hosts:
            ledger.fixed(f"{path}.hosts[{number}]", host, why="numbered below the endpoint's domain")
    read = ledger.pick(
        f"{path}.inflight.read",
        said.inflight.read if said.inflight else None,
        rung.inflight[0],
        why=rung.why,
        source=rung.source,
    )
    mutating = ledger.pick(
        f"{path}.inflight.mutating",
        said.inflight.mutating if said.inflight else None,
        rung.inflight[1],
        why=rung.why,
        source=rung.source,
    )
    ttl = ledger.pick(
        f"{path}.eventTTL",
        said.event_ttl,
        3600 * SECOND,
        why="kube-apiserver's own default",
        show=quantity.format_duration,
    )
    level = ledger.pick(
        f"{AUDIT}.level",
        said.audit.level if "level" in said.audit.model_fields_set else None,
        said.audit.level,
        why="who did what, without the content of what was sent",
    )
    return ApiServer(
        hosts=tuple(hosts),
        machine=sized(
            f"{path}.machine", said.machine, rung.api_cpu, rung.api_memory_gib, rung.why, rung.source, ledger
        ),
        endpoint=plane.endpoint,
        load_balancer=plane.load_balancer.kind,
        balancer=balancer(ledger, nodes=facts.nodes.max) if plane.load_balancer.kind == "haproxy" else {},
        flags={},
        inflight_read=read,
        inflight_mutating=mutating,
        audit_level=level,
        audit_policy=audit_policy(level, ledger),
        event_ttl_seconds=ttl // SECOND,
        encryption_file=said.encryption.config_file if said.encryption else None,
    )


def api_server_flags(facts: Facts, api: ApiServer, events: Etcd | None) -> dict[str, str]:
    """Return every flag of kube-apiserver."""
    body, ledger, nodes = facts.body, facts.ledger, facts.nodes
    said, path = body.control_plane.api_servers, "spec.controlPlane.apiServers"
    flags = ledger.settings(f"{path}.flags", said.flags)
    flags.take("max-requests-inflight", api.inflight_read, of=f"{path}.inflight.read")
    flags.take("max-mutating-requests-inflight", api.inflight_mutating, of=f"{path}.inflight.mutating")
    flags.take("event-ttl", f"{api.event_ttl_seconds}s", of=f"{path}.eventTTL")
    _compaction(flags, facts)
    if events:
        urls = ";".join(events.client_urls)
        flags.put(
            "etcd-servers-overrides",
            f"/events#{urls}",
            why="Events go to an etcd of their own; semicolons part its members, a comma would start another override",
            source="OpenAI 2018; kube-apiserver's reference",
        )
    if len(api.hosts) > 1:
        flags.put(
            "goaway-chance",
            "0.001",
            why=f"{len(api.hosts)} servers: one request in 1,000 reconnects its client, so load evens out again",
            source="kube-apiserver's reference: 0.001 is the recommended start, 0.02 the most",
        )
        flags.put(
            "shutdown-delay-duration",
            "15s",
            why="the load balancer notices before the server stops listening; the pod is killed 30 s after it is told "
            "to stop, so as much is left for requests under way",
            source="kubeadm's static pods set no terminationGracePeriodSeconds: Kubernetes' 30 s",
        )
        flags.put("shutdown-send-retry-after", True, why="clients are told to try another server")
    audit_flags(flags, facts, servers=len(api.hosts))
    plugins = "EventRateLimit,NodeRestriction"
    flags.put(
        "enable-admission-plugins", plugins, why="kubelets change only themselves; Events are limited at the door"
    )
    flags.put("admission-control-config-file", ADMISSION, why="the emitted limits of EventRateLimit")
    flags.put(
        "delete-collection-workers",
        16 if nodes.max > 1000 else 1,
        why="deleting a job of thousands of pods",
        source=SCALE_TEST,
    )
    if said.encryption:
        flags.put("encryption-provider-config", said.encryption.config_file, why="encryption at rest, by reference")
    if gates := facts.feature_gates:
        flags.put("feature-gates", gates, why="spec.kubernetes.featureGates and what spec.gangs needs")
    if facts.has_native_gangs:
        api_version = "scheduling.k8s.io/v1beta1=true"
        flags.put(
            "runtime-config",
            api_version,
            why="serves PodGroup and Workload; the gate alone does not",
            source="KEP-4671",
        )
    return flags.flags()


def _compaction(flags: Settings, facts: Facts) -> None:
    """Decide how often old revisions go: kube-apiserver compacts every etcd it writes to, all at one interval."""
    said, path = facts.body.control_plane.etcd.compaction, "spec.controlPlane.etcd.compaction.interval"
    interval = facts.ledger.pick(
        path,
        said.interval if said else None,
        COMPACTION_NS,
        why="kube-apiserver's own default",
        show=quantity.format_duration,
    )
    flags.take("etcd-compaction-interval", quantity.format_duration(interval), of=path)
