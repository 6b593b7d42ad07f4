import { strict as assert } from "node:assert";
import { test } from "node:test";
import { EMPTY, follows, merged, openQuestion, view } from "../src/wire/conversation.ts";
import type { Body, SessionEvent, StepRef } from "../src/wire/types.ts";

function event(seq: number, type: string, body: Body = {}, more: Partial<SessionEvent> = {}): SessionEvent {
  return { session: "s", seq, id: `e${seq}`, ts: "2026-01-01T00:00:00.000Z", type, actor: { kind: "bot" }, body, ...more };
}

function at(rev: number, visit = 1): StepRef {
  return { workflow: "w", version: "v", node: "check", run: "r", rev, visit };
}

const QUESTION = { text: "Shall I?", actions: [{ id: "follow:enable", label: "Yes, repair it" }] };

test("each event is kept once, in order, however it arrives", () => {
  const first = merged(EMPTY, [event(3, "message"), event(1, "message")], 3);
  const second = merged(first, [event(1, "message"), event(2, "message"), event(3, "message")], 3);
  assert.deepEqual(second.events.map((held) => held.seq), [1, 2, 3]);
  assert.equal(merged(second, [event(2, "message")], 1), second);
});

test("the cursor moves by what the server says, and past a push only when nothing is between", () => {
  const held = merged(EMPTY, [event(1, "message")], 4);
  assert.equal(held.cursor, 4);
  assert.ok(follows(held, 5));
  assert.ok(!follows(held, 6));
  assert.equal(merged(held, [event(6, "message")], 0).cursor, 4);
});

test("the last event that asks is the open question", () => {
  const events = [event(1, "step.offered", QUESTION), event(2, "message", { text: "By the way" })];
  assert.equal(openQuestion(events)?.id, "e1");
  assert.equal(openQuestion([...events, event(3, "input.form", { input: { fields: [] } })])?.id, "e3");
});

test("an answer closes only the question it replies to", () => {
  const asked = [event(1, "step.offered", QUESTION)];
  assert.ok(openQuestion([...asked, event(2, "input.answer", {}, { reply_to: "another" })]));
  assert.equal(openQuestion([...asked, event(2, "input.answer", {}, { reply_to: "e1" })]), null);
});

test("a handover and an end close the question; an end may ask itself", () => {
  const asked = [event(1, "step.offered", QUESTION)];
  assert.equal(openQuestion([...asked, event(2, "handoff.initiate")]), null);
  assert.equal(openQuestion([...asked, event(2, "session.ended")]), null);
  const again = { actions: [{ id: "restart", label: "Start again" }] };
  assert.equal(openQuestion([...asked, event(2, "session.ended", again)])?.id, "e2");
});

test("a refused answer leaves the question open, with the errors by field", () => {
  const rejected = event(2, "input.rejected", { errors: { name: ["Please write a name."] } }, { reply_to: "e1" });
  assert.deepEqual(openQuestion([event(1, "input.form", QUESTION), rejected])?.errors, { name: ["Please write a name."] });
});

test("progress of one step replaces what was shown, at its place; an older rev does not", () => {
  const events = [
    event(1, "step.state", { state: "queued" }, { step: at(1) }),
    event(2, "message", { text: "Meanwhile" }),
    event(3, "step.state", { state: "running" }, { step: at(3) }),
    event(4, "step.state", { state: "contacting" }, { step: at(2) }),
  ];
  const seen = view(merged(EMPTY, events, 4));
  assert.deepEqual(seen.items.map((item) => item.event.seq), [3, 2]);
  assert.equal(seen.working?.seq, 3);
});

test("a second visit of a step is shown beside the first", () => {
  const events = [event(1, "step.state", { state: "done" }, { step: at(1, 1) }), event(2, "step.state", { state: "queued" }, { step: at(2, 2) })];
  assert.equal(view(merged(EMPTY, events, 2)).items.length, 2);
});

test("an answer is told in the words of the button that was pressed", () => {
  const actions = [
    { id: "answer", label: "It joined", values: { joined: "yes" } },
    { id: "answer", label: "Not yet", values: { joined: "no" } },
  ];
  const answer = event(2, "input.answer", { action: "answer", values: { joined: "no" } }, { reply_to: "e1" });
  const seen = view(merged(EMPTY, [event(1, "input.form", { actions }), answer], 2));
  const last = seen.items.at(-1);
  assert.equal(last?.kind === "answer" && last.text, "Not yet");
  assert.equal(seen.question, null);
});

test("the owner, the handover and the end are read from the log", () => {
  const events = [
    event(1, "handoff.initiate", { reason: "asked" }),
    event(2, "owner.changed", { owner: { kind: "operator", name: "Ola" } }),
    event(3, "handoff.status", { state: "taken" }),
  ];
  const held = view(merged(EMPTY, events, 3));
  assert.equal(held.owner, "operator");
  assert.equal(held.ownerName, "Ola");
  assert.equal(held.handoff, "taken");
  assert.ok(view(merged(EMPTY, [...events, event(4, "session.ended")], 4)).ended);
});

test("a countdown is over once the step has settled", () => {
  const loss = event(1, "connectivity.expect_loss", { seconds: 5 });
  const over = (events: SessionEvent[]) => view(merged(EMPTY, events, 9)).items.some((item) => item.kind === "loss" && item.over);
  assert.ok(!over([loss, event(2, "step.state", { state: "running" }, { step: at(1) })]));
  assert.ok(over([loss, event(2, "step.result", {}, { step: at(1) })]));
});
