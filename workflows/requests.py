"""A script's talk with the device: requests replayed over recorded replies, and what they tell.

What is read lies over the facts. Nothing is sent from here: a request without a recorded reply stops the
replay with a `Need`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from workflows.conditions import Scope, Template, as_text
from workflows.effects import Effect, GetValues, Reply
from workflows.facts import Datum
from workflows.graph import Step
from workflows.outcome import Finding, Reading, Status
from workflows.paths import is_path
from workflows.secrecy import shown, stands_in
from workflows.settings import Missing, NotCapable, Refused, typed

REQUESTS_LIMIT = 100
WITHDRAWN = "cancelled"
"""The fault code of a request that somebody took back; no device gives it."""
INVALID_NAME = "9005"  # TR-069 Table 66: invalid parameter name


class ReplayMismatch(Exception):
    """The k-th request of a replay differs from the recorded one: the step must fail."""


@dataclass(frozen=True, slots=True)
class Need:
    """The script asks the world for one thing. `stage` is the id of the template's stage it is in,
    `k` that stage's number counted from 1 and `n` how many there are (None without stages).
    `request` counts requests from 0: it equals the number of replies given. `timeout_s` is how long the
    reply may take, None for as long as the step allows."""

    effect: Effect
    stage: str | None
    k: int
    n: int | None
    request: int
    timeout_s: int | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """The script waits. When the seconds are over, call `advance` with `pauses_over` one higher."""

    seconds: int
    message: str
    stage: str | None
    number: int


class Stop(Exception):
    """The replay has come to its end: this is what the script does next."""

    def __init__(self, what: Need | Pause) -> None:
        super().__init__(what)
        self.what = what


class End(Exception):
    """The step ended, by `finish` or by a failure."""


class Failed(End):
    """The step ended by a failure, which is the last of its findings."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding = finding


class Requests:
    """The replies recorded so far, and the facts, changes and findings they lead to."""

    def __init__(self, step: Step, scope: Scope, replies: Sequence[tuple[Effect, Reply]]) -> None:
        self.step = step
        self.template = step.template
        self.scope = scope
        self.settings = scope.settings
        self.replies = replies
        self.stages = [stage.id for stage in step.template.stages]
        self.stage: str | None = None
        self.requests = 0
        self.findings: list[Finding] = []
        self.read: dict[str, Datum] = {}
        self.sealed: dict[str, str] = {}
        self.within = ""
        self.objects_read: list[str] = []
        self.status: Status | None = None

    def request(self, effect: Effect, timeout_s: int | None = None) -> Reply:
        k = self.requests
        if k >= REQUESTS_LIMIT:
            self.fail("stopped", reason=f"more than {REQUESTS_LIMIT} requests")
        self.requests += 1
        if k < len(self.replies):
            recorded, reply = self.replies[k]
            if recorded != effect:
                raise ReplayMismatch(f"request {k} is {effect}, recorded was {recorded}")
            return reply
        number = self.stages.index(self.stage) + 1 if self.stage in self.stages else 0
        raise Stop(Need(effect, self.stage, number, len(self.stages) or None, k, timeout_s))

    def enter(self, stage: str) -> None:
        if stage in self.stages:
            self.stage = stage

    def fail(self, code: str, **readings: Any) -> NoReturn:
        raise self.failed(code, **readings)

    def failed(self, code: str, **readings: Any) -> Failed:
        """Note the failure that ends the step, or that a `catch` takes back."""
        named = tuple(Reading(name, value) for name, value in readings.items() if value)
        finding = Finding(code, "ERROR", named)
        self.findings.append(finding)
        self.status = Status.ERROR
        return Failed(finding)

    def checked(self, reply: Reply, paths: Sequence[str], *, ignore_faults: bool = False) -> bool:
        """Whether the reply can be used; what cannot be gone on from ends the step."""
        if reply.timed_out:
            self.fail("unreachable")
        if reply.uncertain:
            self.fail("uncertain", parameter=", ".join(paths))
        if reply.fault_code == WITHDRAWN:
            self.fail("cancelled")
        if not reply.ok and not ignore_faults:
            self._refused(reply, paths)
        return reply.ok

    def _refused(self, reply: Reply, paths: Sequence[str]) -> NoReturn:
        named = [fault.name for fault in reply.fault_parameters] or list(paths)
        codes = {fault.code for fault in reply.fault_parameters}
        text = "; ".join(fault.text for fault in reply.fault_parameters if fault.text) or reply.fault_text
        self.fail(
            "refused",
            parameter=", ".join(named),
            setting=", ".join(filter(None, map(self.setting_of, named))),
            fault_code=codes.pop() if len(codes) == 1 else reply.fault_code,
            fault_text=text,
        )

    def beyond(self, error: Refused | NotCapable, *paths: str) -> NoReturn:
        """This model cannot do that, so it is not even asked; the reason goes along in every language."""
        name = error.setting if isinstance(error, Refused) else error.name
        self.fail("refused", parameter=", ".join(paths) or name, setting=name, why=dict(error.texts))

    def setting_of(self, path: str) -> str:
        """The name of the setting that a path is on this device; "" without one."""
        setting = self.settings.named_by(path, self.scope.facts)
        return setting.name if setting is not None else ""

    def refresh(self) -> None:
        """Read afresh what the step may read, when any of it is unknown or older than the step allows."""
        device = self.scope.facts.device
        names = sorted(self.template.settings)
        paths = self.settings.paths_to_read(names, device, self.scope.facts)
        if self.template.max_age_s is None or not paths:
            return
        if not any(self._is_stale(name) for name in names):
            return
        self.enter("read")
        self.read_paths(paths, self.settings.paths_to_read(names, device))

    def read_paths(
        self, paths: tuple[str, ...], one_by_one: tuple[str, ...] = (), *, ignore_faults: bool = False
    ) -> bool:
        """Read them in one request; where the device does not know one of the names, each of `one_by_one`
        by itself, without those it does not know. Whether anything was read."""
        effect = GetValues(paths)
        reply = self.request(effect)
        if reply.fault_code == INVALID_NAME and one_by_one:
            for path in one_by_one:
                effect = GetValues((path,))
                reply = self.request(effect)
                if self.checked(reply, effect.names, ignore_faults=True):
                    self.lay(effect, reply)
            return True
        if self.checked(reply, paths, ignore_faults=ignore_faults):
            self.lay(effect, reply)
        return reply.ok

    def _is_stale(self, name: str) -> bool:
        if not self.settings.prefixes((name,), self.scope.facts.device):
            return False
        try:
            age_s = self.settings.age_s(name, self.scope.facts)
        except Missing:
            return True
        limit_s = self.template.max_age_s or 0
        return limit_s == 0 or age_s > limit_s

    def lay(self, effect: GetValues, reply: Reply) -> None:
        """Lay what was read over the facts; an object read whole replaces what was stored below it."""
        read: dict[str, Datum] = {}
        for path, (value, kind) in (reply.values or {}).items():
            self.sealed.pop(path, None)
            if stands_in(value):
                self.sealed[path] = value
            read[path] = Datum(shown(value), kind, reply.at)
        objects = tuple(name for name in effect.names if name.endswith("."))
        facts = self.scope.facts
        if objects:
            kept = {p: d for p, d in facts.parameters.items() if not p.startswith(objects)}
            facts = replace(facts, parameters=kept)
            self.read = {p: d for p, d in self.read.items() if not p.startswith(objects)}
        self.scope = replace(self.scope, facts=facts.over(read))
        self.read.update(read)
        self.objects_read.extend(objects)

    # -- values ---------------------------------------------------------------------------------

    def bind(self, name: str, value: Any) -> None:
        if name:
            self.scope = replace(self.scope, task={**self.scope.task, name: value})

    def text(self, template: Template) -> str:
        return as_text(template.value(self.scope))

    def full(self, key: str) -> str:
        """The key as a path: below the prefix of `in`, unless it has a root of its own."""
        return key if is_path(key) else f"{self.within}{key}"

    def paths(self, key: Template) -> tuple[str, ...]:
        value = key.value(self.scope)
        return (
            tuple(self.full(str(p)) for p in value) if isinstance(value, list) else (self.full(str(value)),)
        )

    def value_at(self, path: str) -> Any:
        facts = self.scope.facts
        if path.endswith("."):
            below = {p: d for p, d in facts.parameters.items() if p.startswith(path)}
            return {p: typed(d.value, d.type, p) for p, d in below.items()}
        return self.settings.value_at(path, facts)
