// Session events -> what a screen shows. Pure: no network, no clock, no element.
// The rules are the server's own (ARCHITECTURE.md, session events): the last event with actions or
// an input is the open question until it is answered, closed or handed over; progress of one step
// is the same run, visit and type with a higher rev, and replaces what was shown.
import type { Action, Body, Prompt, SessionEvent, Widget } from "./types.ts";

export interface Conversation {
  /** By sequence number, each once. */
  readonly events: readonly SessionEvent[];
  /** What a client that was away asks to continue from. Some numbers are hidden from an audience. */
  readonly cursor: number;
}

export const EMPTY: Conversation = { events: [], cursor: 0 };

/** Add what arrived, in any order and any number of times; each event is kept once, by its number. */
export function merged(held: Conversation, arrived: readonly SessionEvent[], lastSeq = 0): Conversation {
  const known = new Set(held.events.map((event) => event.seq));
  const fresh: SessionEvent[] = [];
  for (const event of arrived) {
    if (known.has(event.seq)) continue;
    known.add(event.seq);
    fresh.push(event);
  }
  const cursor = Math.max(held.cursor, lastSeq);
  if (!fresh.length) return cursor === held.cursor ? held : { events: held.events, cursor };
  const events = [...held.events, ...fresh].sort((a, b) => a.seq - b.seq);
  return { events, cursor };
}

/** A pushed event follows without a gap, so the cursor may pass it. */
export function follows(held: Conversation, seq: number): boolean {
  return seq <= held.cursor + 1;
}

export type Item =
  | { kind: "said"; key: string; event: SessionEvent }
  | { kind: "working"; key: string; event: SessionEvent }
  | { kind: "result"; key: string; event: SessionEvent }
  | { kind: "question"; key: string; event: SessionEvent }
  | { kind: "answer"; key: string; event: SessionEvent; text: string }
  | { kind: "loss"; key: string; event: SessionEvent; over: boolean }
  | { kind: "handoff"; key: string; event: SessionEvent }
  | { kind: "note"; key: string; event: SessionEvent }
  | { kind: "ended"; key: string; event: SessionEvent };

export interface Question {
  id: string;
  event: SessionEvent;
  text: string;
  actions: readonly Action[];
  fields: readonly Widget[];
  errors: Readonly<Record<string, readonly string[]>>;
}

export type Handoff = "none" | "waiting" | "taken" | "resolved" | "handed_back";

export interface View {
  items: readonly Item[];
  question: Question | null;
  prompt: { event: SessionEvent; body: Prompt } | null;
  owner: string;
  ownerName: string;
  handoff: Handoff;
  ended: SessionEvent | null;
  /** The step that is working now, if any. */
  working: SessionEvent | null;
}

const CLOSING = new Set(["session.ended", "handoff.initiate"]);
/** After an end: it was started again, or a person took it up. */
const REOPENING = new Set(["step.state", "handoff.initiate"]);
const REPLACED = new Set(["step.state", "step.result", "step.offered", "input.form", "script.prompt"]);
const BUSY = new Set(["queued", "contacting", "running", "waiting"]);
const KINDS: Record<string, Item["kind"]> = {
  message: "said",
  "step.state": "working",
  "step.result": "result",
  "step.offered": "question",
  "input.form": "question",
  "connectivity.expect_loss": "loss",
  "handoff.initiate": "handoff",
  "handoff.status": "handoff",
  "note.private": "note",
  "session.ended": "ended",
};

function asks(body: Body): boolean {
  return Boolean(body.actions?.length || body.input);
}

function replaceKey(event: SessionEvent): string | null {
  if (!event.step || !REPLACED.has(event.type)) return null;
  return `${event.type}/${event.step.run}/${event.step.visit ?? event.step.node}`;
}

/** The latest of each step's progress, at the place of its first; questions move to their last place. */
function latest(events: readonly SessionEvent[]): SessionEvent[] {
  const kept: (SessionEvent | null)[] = [];
  const places = new Map<string, number>();
  for (const event of events) {
    const key = replaceKey(event);
    const place = key === null ? undefined : places.get(key);
    const before = place === undefined ? null : (kept[place] ?? null);
    if (key === null || place === undefined || !before) {
      if (key !== null) places.set(key, kept.length);
      kept.push(event);
    } else if (event.step!.rev >= before.step!.rev) {
      if (asks(event.body)) {
        kept[place] = null;
        places.set(key, kept.length);
        kept.push(event);
      } else {
        kept[place] = event;
      }
    }
  }
  return kept.filter((event) => event !== null);
}

/** The open question by the shared rule, with the errors of answers refused so far. */
export function openQuestion(events: readonly SessionEvent[]): Question | null {
  let open = null as Question | null;
  for (const event of events) {
    if (asks(event.body)) {
      const { text, actions, input } = event.body;
      open = { id: event.id, event, text: text ?? "", actions: actions ?? [], fields: input?.fields ?? [], errors: {} };
    } else if (CLOSING.has(event.type)) {
      open = null;
    } else if (open && event.reply_to === open.id) {
      if (event.type === "input.answer") open = null;
      else if (event.type === "input.rejected") open = { ...open, errors: event.body.errors ?? {} };
    }
  }
  return open;
}

function answerText(event: SessionEvent, byId: ReadonlyMap<string, SessionEvent>): string {
  const { text, action, values } = event.body;
  if (text) return text;
  const actions = byId.get(event.reply_to ?? "")?.body.actions ?? [];
  const named = actions.filter((candidate) => candidate.id === action);
  const wanted = JSON.stringify(values ?? {});
  const exact = named.find((candidate) => JSON.stringify(candidate.values ?? {}) === wanted);
  return (exact ?? named[0])?.label ?? "";
}

function itemOf(
  event: SessionEvent,
  byId: ReadonlyMap<string, SessionEvent>,
  lastSeq: number,
): Item | null {
  const key = replaceKey(event) ?? event.id;
  if (event.type === "input.answer") {
    const text = answerText(event, byId);
    return text ? { kind: "answer", key, event, text } : null;
  }
  const kind = KINDS[event.type];
  if (!kind) return null;
  if (kind === "said" && asks(event.body)) return { kind: "question", key, event };
  if (kind === "loss") return { kind, key, event, over: lastSeq > event.seq };
  return { kind, key, event } as Item;
}

/** Everything a screen needs, folded from the whole log. */
export function view(held: Conversation): View {
  const shown = latest(held.events);
  const byId = new Map(held.events.map((event) => [event.id, event]));
  const settled = held.events.filter((event) => ["step.result", "step.offered", "input.form", "session.ended"].includes(event.type));
  const lastSettled = settled.at(-1)?.seq ?? 0;
  const items = shown.map((event) => itemOf(event, byId, lastSettled)).filter((item) => item !== null);
  let owner = "bot";
  let ownerName = "";
  let handoff: Handoff = "none";
  let ended: SessionEvent | null = null;
  for (const event of held.events) {
    if (event.type === "owner.changed") {
      owner = event.body.owner?.kind ?? owner;
      ownerName = event.body.owner?.name ?? "";
    } else if (event.type === "handoff.initiate") handoff = "waiting";
    else if (event.type === "handoff.status") handoff = (event.body.state as Handoff | null) ?? handoff;
    if (event.type === "session.ended") ended = event;
    else if (ended && (asks(event.body) || REOPENING.has(event.type))) ended = null;
  }
  const question = openQuestion(shown);
  const last = shown.findLast((event) => event.type === "step.state" || event.type === "step.result" || CLOSING.has(event.type));
  const working = last?.type === "step.state" && BUSY.has(last.body.state ?? "") ? last : null;
  const prompt = shown.findLast((event) => event.type === "script.prompt");
  return {
    items,
    question,
    prompt: prompt ? { event: prompt, body: prompt.body } : null,
    owner,
    ownerName,
    handoff,
    ended,
    working,
  };
}
