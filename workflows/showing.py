"""The bodies of the session events a run shows, as JSON (DESIGN: session events).

Texts are in the run's language, numbers raw with their unit, times ISO 8601 UTC. Pure: what is shown
follows from the arguments alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from widgets.consent import Consent
from widgets.messages import message
from workflows import faults, secrecy
from workflows.facts import Facts
from workflows.following import FollowUps, NotOffered
from workflows.outcome import ENGINE_READINGS, Change, Finding, Outcome, Reading, Status
from workflows.run import Offer, Progressed, Run, Visit, Visited
from workflows.settings import Settings, same
from workflows.steps import Prompt, StepTemplate, Texts
from workflows.texts import fill

EVERYONE = ("customer", "agent", "operator")
STAFF = ("agent", "operator")

UNDO_CODES = ("undone", "undone-partly", "changed-since", "undo-not-applied")
"""Finding codes of an undo."""

ENGINE_CODES = ("unreachable", "uncertain", "refused", "stopped", "cancelled", *UNDO_CODES)
"""Finding codes the engine makes itself; a template may give them its own meaning."""

Body = dict[str, Any]


def audience_of(run: Run) -> tuple[str, ...]:
    """Who sees what the run shows: the customer only in a conversation with the customer."""
    return EVERYONE if run.audience == "customer" else STAFF


def moment(at: float) -> str:
    """Seconds since 1970 as ISO 8601 UTC with milliseconds and Z."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def placeholders(
    facts: Facts, outcome: Outcome | None, settings: Settings | None = None, locale: str = "en"
) -> dict[str, Any]:
    """What a text may name: readings of the outcome, faults in words, and `customer.*`, `device.*`,
    `subscription.*`."""
    values: dict[str, Any] = {}
    for root, record in (
        ("customer", facts.customer),
        ("device", facts.device),
        ("subscription", facts.subscription),
    ):
        values.update({f"{root}.{name}": value for name, value in record.items() if value is not None})
    if outcome is not None:
        values.update(faults.readings_of(outcome, settings, locale))
    return values


# -- live state -----------------------------------------------------------------------------------


def step_state(
    run: Run,
    visit: Visit,
    template: StepTemplate,
    state: str,
    text: str,
    expected_s: int,
    *,
    progress: Progressed | None = None,
    deadline_at: float | None = None,
) -> Body:
    """Body of step.state: `state` is contacting, waiting, running, done, failed or timed_out. `progress` is
    how far the request under way is; `deadline_at` until when the step waits for the device (seconds)."""
    k, n = _progress(visit, template, state)
    more: Body = {}
    if progress is not None:
        parts = ("phase", "done", "total", "unit")
        more["progress"] = {name: getattr(progress, name) for name in parts}
    if deadline_at is not None:
        more["deadline_at"] = moment(deadline_at)
    return {
        **more,
        "state": state,
        "text": text,
        "k": k,
        "n": n,
        "stages": stages(visit, template, state, run.locale),
        "expected_s": expected_s,
        "started_at": moment(visit.since),
    }


def _progress(visit: Visit, template: StepTemplate, state: str) -> tuple[int, int]:
    n = len(template.stages) + 1
    if state == "done":
        return n, n
    return (_reached(visit, template) + 1 if visit.contacted else 1), n


def _reached(visit: Visit, template: StepTemplate) -> int:
    """The number of the author's stage reached, from 1; 0 before the first."""
    return next((i for i, s in enumerate(template.stages, start=1) if s.id == visit.stage), 0)


def stages(visit: Visit, template: StepTemplate, state: str, locale: str) -> list[Body]:
    """The customer's checklist: contact first, then the author's stages."""
    at = _reached(visit, template) if visit.contacted else 0
    texts = [("contact", message(locale, "stage-contact"))]
    texts += [(s.id, fill(s.text, locale, placeholders(visit.facts, None))) for s in template.stages]
    return [
        {"id": id, "text": text, "state": _stage_state(index, at, visit.contacted, state)}
        for index, (id, text) in enumerate(texts)
    ]


def _stage_state(index: int, at: int, contacted: bool, state: str) -> str:
    if state == "done" or index < at or (index == 0 and contacted):
        return "done"
    if index > at:
        return "waiting"
    return "failed" if state in ("failed", "timed_out") else "active"


# -- results --------------------------------------------------------------------------------------


def finding_text(
    finding: Finding,
    outcome: Outcome,
    template: StepTemplate,
    facts: Facts,
    locale: str,
    settings: Settings | None = None,
) -> str:
    """What a finding means in the person's words; "" when neither author nor engine has words for it."""
    meaning = template.meaning_of(finding.code)
    broken_off = finding.code == "stopped" and outcome.changes  # the author could not know of the changes
    words = faults.words_of(finding, settings, locale)
    if meaning is not None and not broken_off:
        return fill(meaning, locale, {**placeholders(facts, outcome, settings, locale), **words})
    if finding.code in UNDO_CODES:
        label = faults.label_of("", str(words.get("parameter", "")), settings, locale)
        return message(locale, f"finding-{finding.code}", label=label)
    if finding.code in ENGINE_CODES:
        changed = "-changed" if outcome.changes and finding.code != "uncertain" else ""
        why = words.get("why", "")
        return " ".join(message(locale, f"finding-{finding.code}{changed}", why=why).split())
    return ""


def result_text(
    outcome: Outcome, template: StepTemplate, facts: Facts, locale: str, settings: Settings | None = None
) -> str:
    """What the step found, as sentences: meanings of the findings, else the author's words, else ours."""
    texts = [finding_text(f, outcome, template, facts, locale, settings) for f in outcome.findings]
    said = " ".join(text for text in dict.fromkeys(texts) if text)
    if said or outcome.message:
        return said or outcome.message
    kind = {Status.SUCCESS: "success", Status.ERROR: "error"}.get(outcome.status, "warning")
    return message(locale, f"result-{kind}", title=fill(template.title, locale, placeholders(facts, outcome)))


def step_result(
    outcome: Outcome,
    template: StepTemplate,
    facts: Facts,
    locale: str,
    settings: Settings | None = None,
    widgets: Sequence[Body] = (),
) -> Body:
    """Body of step.result. `age_s` is the age of the oldest stored datum it rests on, None without one.
    `widgets` are those of the step's panel that show."""
    readings = [*outcome.readings]
    for finding in outcome.findings:
        of_finding = {r.name: r for r in finding.readings}
        words = faults.words_of(finding, settings, locale)
        readings += [replace(of_finding.get(n, Reading(n, "")), value=value) for n, value in words.items()]
    ages = [r.age_s for r in readings if r.age_s is not None]
    return {
        "text": result_text(outcome, template, facts, locale, settings),
        "status": outcome.status.value,
        "findings": [
            {
                "code": f.code,
                "severity": f.severity,
                "text": finding_text(f, outcome, template, facts, locale, settings),
            }
            for f in outcome.findings
        ],
        "readings": list({r.name: _reading(r, template, locale) for r in readings}.values()),
        "changes": [change(c, settings, locale) for c in outcome.changes if not _is_the_same(c)],
        "age_s": max(ages, default=None),
        **({"widgets": list(widgets)} if widgets else {}),
    }


def _is_the_same(made: Change) -> bool:
    """Written to be sure, and was so before."""
    return made.kind == "set" and made.before is not None and same(made.before, made.after or "", made.type)


def change(made: Change, settings: Settings | None, locale: str) -> Body:
    """One change as people see it; what stands for a secret is masked."""
    return {
        "path": made.path,
        "label": faults.label_of(made.setting, made.path, settings, locale),
        "kind": made.kind,
        "before": made.before and secrecy.shown(made.before),
        "after": made.after and secrecy.shown(made.after),
        "verified": made.verified,
    }


def _reading(reading: Reading, template: StepTemplate, locale: str) -> Body:
    label = template.label_of(reading.name)
    words: str | None = None
    if label is not None:
        words = fill(label, locale, {})
    elif reading.name in ENGINE_READINGS:
        words = message(locale, f"reading-{reading.name}")
    return {
        "name": reading.name,
        "label": words,
        "value": reading.value,
        "unit": reading.unit,
        "age_s": reading.age_s,
    }


# -- questions ------------------------------------------------------------------------------------


def offered(
    offer: Offer,
    templates: Mapping[str, StepTemplate],
    expected_s: Mapping[str, int],
    undos: Sequence[Body] = (),
) -> Body:
    """Body of step.offered: one action a follow-up, the first one primary, then what may be undone.
    `templates` is by node, `expected_s` by template name."""
    actions = []
    for index, follow in enumerate(offer.follow_ups):
        template = templates[follow.target]
        actions.append(
            {
                "id": f"follow:{follow.target}",
                "label": follow.label,
                "reason": follow.reason,
                "style": "secondary" if index else "primary",
                "seconds": expected_s.get(template.name, template.expected_s),
                "disrupts_s": template.disrupts_s,
                "writes": template.writes,
            }
        )
    return {"text": offer.text, "actions": [*actions, *undos]}


def undo_actions(visits: Sequence[Visited], templates: Mapping[str, StepTemplate], locale: str) -> list[Body]:
    """One action for each visit that may be undone. `templates` is by node."""
    return [
        {
            **_action(f"undo:{visited.number}", _undo_label(templates[visited.node], locale), "secondary"),
            "seconds": templates[visited.node].expected_s,
            "disrupts_s": templates[visited.node].disrupts_s,
            "writes": True,
        }
        for visited in visits
    ]


def _undo_label(template: StepTemplate, locale: str) -> str:
    return message(locale, "undo", title=fill(template.title, locale, {}))


def consent_form(
    template: StepTemplate, facts: Facts, before: Outcome | None, locale: str, expected_s: int
) -> Body:
    """Body of input.form that asks before a step writes; `before` is what the step before it found."""
    values = placeholders(facts, before)
    widget = Consent(
        "consent", fill(template.consent, locale, values), expected_s, template.disrupts_s
    ).describe()
    text = fill(template.say, locale, values) if template.say else message(locale, "consent-question")
    return {
        "text": text,
        "widgets": [{**widget, "writes": template.writes}],
        "actions": [
            _action("consent:yes", message(locale, "consent-yes"), "primary"),
            _action("consent:no", message(locale, "consent-no"), "secondary"),
        ],
    }


def question_form(text: str, shown: Sequence[Body], fields: Sequence[Body], visit: int, locale: str) -> Body:
    """Body of input.form of a panel. A single choice becomes buttons that carry their value."""
    if len(fields) == 1 and fields[0]["type"] == "choice":
        field = fields[0]
        actions = [
            {
                **_action("answer", option["label"], "secondary" if index else "primary"),
                "values": {field["id"]: option["value"]},
            }
            for index, option in enumerate(field["options"])
        ]
    else:
        actions = [{**_action("answer", message(locale, "answer-continue"), "primary"), "values": {}}]
    return {
        "text": text or (fields[0]["label"] if fields else ""),
        "widgets": list(shown),
        "input": {"id": f"visit-{visit}", "fields": list(fields)},
        "actions": actions,
    }


def _action(id: str, label: str, style: str) -> Body:
    return {"id": id, "label": label, "style": style}


def ended(run: Run, status: str, undos: Sequence[Body] = ()) -> Body:
    """Body of session.ended."""
    return {
        "text": message(run.locale, f"ended-{status.lower()}"),
        "status": status,
        "actions": [_action("restart", message(run.locale, "restart"), "secondary"), *undos],
    }


# -- agents ---------------------------------------------------------------------------------------


def script_prompt(prompt: Prompt | None, locale: str, values: Mapping[str, Any]) -> Body:
    """Body of script.prompt for one step; absent parts are empty."""
    prompt = prompt or Prompt()

    def said(texts: Texts) -> str:
        return fill(texts, locale, values) if texts else ""

    return {
        "say": said(prompt.say),
        "ask": said(prompt.ask),
        "do": said(prompt.do),
        "listen_for": said(prompt.listen_for),
        "if_asked": [{"q": said(i.question), "a": said(i.answer)} for i in prompt.if_asked],
        "not_offered": [],
    }


def not_offered(other: NotOffered, label: str, locale: str) -> Body:
    """Why a follow-up is not offered, for agents: {"node", "label", "why", "missing"}."""
    if other.missing:
        why = message(locale, "why-unknown", missing=", ".join(other.missing))
    else:
        why = other.error or message(locale, "why-condition")
    return {"node": other.connection.target, "label": label, "why": why, "missing": list(other.missing)}


def unknown(found: FollowUps) -> str:
    """For staff: what is missing before more could be offered."""
    missing = dict.fromkeys(name for other in found.others for name in other.missing)
    return f"not known: {', '.join(missing)}" if missing else ""


def readings_text(outcome: Outcome) -> str:
    """For staff: what the findings measured, as "name: value" parts."""
    return "; ".join(f"{r.name}: {r.value}" for f in outcome.findings for r in f.readings)
