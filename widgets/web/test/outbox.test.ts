import { strict as assert } from "node:assert";
import { test } from "node:test";
import { ApiError } from "../src/wire/failure.ts";
import { Outbox, type OutboxPorts, type Pending } from "../src/wire/outbox.ts";

function ports(send: OutboxPorts["send"]): OutboxPorts & { kept: Map<string, string>; refusals: Pending[] } {
  const kept = new Map<string, string>();
  const refusals: Pending[] = [];
  return {
    kept,
    refusals,
    send,
    store: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
    wait: () => Promise.resolve(),
    changed: () => undefined,
    refused: (entry) => void refusals.push(entry),
  };
}

const ANSWER = { kind: "answer", reply_to: "e1", action: "follow:enable", values: {}, text: "Yes" } as const;

test("an answer is sent again with the same id until it is acknowledged", async () => {
  const ids: string[] = [];
  const port = ports((entry) => {
    ids.push(entry.client_message_id);
    return ids.length < 3 ? Promise.reject(new ApiError(0, {})) : Promise.resolve();
  });
  const outbox = new Outbox("s", port);
  outbox.add(ANSWER);
  await new Promise((done) => setImmediate(done));
  assert.equal(ids.length, 3);
  assert.equal(new Set(ids).size, 1);
  assert.deepEqual(outbox.pending, []);
  assert.equal(port.kept.size, 0);
});

test("what was not acknowledged outlives a reload and is sent once more, unchanged", async () => {
  const never = ports(() => new Promise(() => undefined));
  const before = new Outbox("s", never);
  before.add(ANSWER);
  const held = before.pending[0];
  const sent: Pending[] = [];
  const after = ports((entry) => {
    sent.push(entry);
    return Promise.resolve();
  });
  for (const [key, value] of never.kept) after.kept.set(key, value);
  const outbox = new Outbox("s", after);
  await outbox.flush();
  assert.deepEqual(sent, [held]);
});

test("a question is answered once, however often the button is pressed", () => {
  const outbox = new Outbox("s", ports(() => new Promise(() => undefined)));
  outbox.add(ANSWER);
  outbox.add({ ...ANSWER, action: "follow:fix-dns" });
  assert.equal(outbox.pending.length, 1);
});

test("a refusal is told and not tried again", async () => {
  let tries = 0;
  const port = ports(() => {
    tries += 1;
    return Promise.reject(new ApiError(409, { code: "question_closed" }));
  });
  const outbox = new Outbox("s", port);
  outbox.add(ANSWER);
  await new Promise((done) => setImmediate(done));
  assert.equal(tries, 1);
  assert.equal(port.refusals.length, 1);
  assert.deepEqual(outbox.pending, []);
});
