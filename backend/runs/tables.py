"""The tables of runs; private to this package."""

from __future__ import annotations

import peewee

from backend.database import JsonField, MomentField, TenantRow


class Run(TenantRow):
    """One execution. `state` is `workflows.run.Run.to_json()`, sealed as a whole where it holds a secret;
    the other columns repeat what is asked for by query.

    `seq` counts decisions; the log has an entry for each. `deadline_at` with `deadline_seq` say when the
    run moves by itself: a doorbell that carries an older number does nothing. `facts_digest` is the
    fingerprint of the facts last written to the log.
    """

    workflow = peewee.CharField(max_length=100)
    version = peewee.CharField(max_length=64)
    device_id = peewee.CharField(max_length=26)
    customer_id = peewee.CharField(max_length=26, null=True)
    conversation_id = peewee.CharField(max_length=26, null=True)
    audience = peewee.CharField(max_length=16)
    locale = peewee.CharField(max_length=16)
    starter = JsonField()
    phase = peewee.CharField(max_length=16)
    node = peewee.CharField(max_length=100, null=True)
    ending = peewee.CharField(max_length=16, null=True)
    state = JsonField()
    seq = peewee.IntegerField(default=0)
    deadline_at = MomentField(null=True, index=True)
    deadline_seq = peewee.IntegerField(default=0)
    deadline_token = peewee.CharField(max_length=16, default="")
    facts_digest = peewee.CharField(max_length=32, default="")
    created_at = MomentField()
    updated_at = MomentField()
    ended_at = MomentField(null=True)

    class Meta:
        indexes = (
            (("tenant_id", "device_id", "phase"), False),
            (("tenant_id", "customer_id"), False),
        )


class RunEntry(TenantRow):
    """One decision of a run's log: the event with the time and the facts it was decided on.

    `facts` is None where they equal those of the entry before, except for `now`. Replaying the entries in
    order gives the run's state (invariant 2).
    """

    run_id = peewee.CharField(max_length=26)
    seq = peewee.IntegerField()
    event = JsonField()
    facts = JsonField(null=True)
    at = MomentField()

    class Meta:
        indexes = ((("run_id", "seq"), True),)


class StepRecord(TenantRow):
    """One visit of a step, for people and for statistics. `duration_s` is set where the router worked."""

    run_id = peewee.CharField(max_length=26)
    visit = peewee.IntegerField()
    node = peewee.CharField(max_length=100)
    template = peewee.CharField(max_length=100)
    status = peewee.CharField(max_length=16)
    outcome = JsonField(null=True)
    started_at = MomentField()
    ended_at = MomentField()
    duration_s = peewee.DoubleField(null=True)

    class Meta:
        indexes = (
            (("run_id", "visit"), True),
            (("tenant_id", "template", "id"), False),
        )


class DeviceChange(TenantRow):
    """What one visit of a step changed on a device. `items` are its changes, sealed as a whole: they hold
    what was before, secrets too. `title` is the step's, by language; `starter` as of the run.

    `undo` is who may put it back (`steps.StepTemplate.undo`); `possible`: whether anything of it can be.
    `undoing_run` is the run that is at it now, `undone_run` the one that has done it.
    """

    device_id = peewee.CharField(max_length=26)
    run_id = peewee.CharField(max_length=26)
    visit = peewee.IntegerField()
    workflow = peewee.CharField(max_length=100)
    node = peewee.CharField(max_length=100)
    title = JsonField()
    starter = JsonField()
    items = peewee.TextField()
    undo = peewee.CharField(max_length=10)
    possible = peewee.BooleanField()
    at = MomentField()
    undoing_run = peewee.CharField(max_length=26, null=True, index=True)
    undone_run = peewee.CharField(max_length=26, null=True)
    undone_at = MomentField(null=True)

    class Meta:
        indexes = (
            (("run_id", "visit"), True),
            (("tenant_id", "device_id", "id"), False),
        )


class Publication(TenantRow):
    """One published version of a workflow: the sources of all it uses, by content hash (invariant 6)."""

    name = peewee.CharField(max_length=100)
    version = peewee.CharField(max_length=64)
    sources = JsonField()
    current = peewee.BooleanField(default=True)
    published_at = MomentField()

    class Meta:
        indexes = ((("tenant_id", "name", "version"), True),)


TABLES = (Run, RunEntry, StepRecord, DeviceChange, Publication)
