// The wire's own words: session events and the answers of the API, as the server's schemas say them.

/** ISO 8601, in places seconds since 1970. */
export type Moment = string | number | null | undefined;

export type ActorKind = "bot" | "customer" | "agent" | "operator" | "system";

export interface Actor {
  kind: ActorKind;
  id?: string | null;
  name?: string | null;
}

export interface StepRef {
  workflow: string;
  version: string;
  node: string;
  run: string;
  rev: number;
  title?: string | null;
  visit?: number;
}

/** A button of a question. `reason` says why it is offered; seconds are what it takes as a rule. */
export interface Action {
  id: string;
  label: string;
  reason?: string | null;
  style?: "primary" | "secondary" | null;
  seconds?: number | null;
  disrupts_s?: number | null;
  writes?: boolean | null;
  values?: Record<string, unknown> | null;
}

export interface Option {
  value: string;
  label: string;
}

export interface HostRow {
  name: string;
  mac: string;
  ip: string;
  active: boolean;
}

export interface ReadingRow {
  name: string;
  label?: string | null;
  value: unknown;
  unit?: string | null;
  age_s?: number | null;
}

/** A WiFi network that a router hears. */
export interface NetworkRow {
  ssid: string;
  bssid: string;
  channel: number;
  signal_dbm: number | null;
  width_mhz: number;
}

/** One router on the way of a packet; no times when it did not answer. */
export interface HopRow {
  n: number;
  host: string;
  address: string;
  times_ms: number[];
  average_ms: number | null;
}

/** One measured value. `enough`: what it should reach at least, or stay below where less is better. */
export interface MeasureRow {
  name: string;
  label: string;
  value: number;
  unit: string;
  least: number | null;
  most: number | null;
  enough: number | null;
  better: "more" | "less";
  verdict: "good" | "poor" | "";
}

/** Any widget; which parts are there depends on `type`. A kind unknown here shows its `fallback`. */
export interface Widget {
  type: string;
  id: string;
  label?: string;
  title?: string;
  text?: string;
  summary?: string;
  fallback?: string;
  options?: Option[];
  rows?: unknown[];
  seconds?: number;
  disrupts_s?: number;
  required?: boolean;
  limit_characters?: number;
  band?: string;
  channel?: number | null;
  best?: number | null;
  ssid?: string;
}

/** How far the work is, where it can be counted. `total` 0 or null: nobody knows how much it is. */
export interface Progress {
  phase: string;
  done: number;
  total: number | null;
  unit: string;
}

export interface Stage {
  id: string;
  text: string;
  state: "done" | "active" | "waiting" | "failed";
}

export interface Finding {
  code: string;
  severity: "INFO" | "WARN" | "ERROR" | string;
  text?: string | null;
}

export interface Change {
  path: string;
  label?: string | null;
  before: unknown;
  after: unknown;
  verified: boolean | null;
  kind?: "set" | "added" | "deleted";
}

export interface Prompt {
  say?: string | null;
  ask?: string | null;
  do?: string | null;
  listen_for?: string | string[] | null;
  if_asked?: { q: string; a: string }[] | null;
  not_offered?: { node: string; label: string; why: string; missing?: string[] }[] | null;
}

export interface Body extends Prompt {
  text?: string | null;
  widgets?: Widget[] | null;
  actions?: Action[] | null;
  input?: { id?: string; fields: Widget[] } | null;
  state?: string | null;
  k?: number | null;
  n?: number | null;
  stages?: Stage[] | null;
  progress?: Progress | null;
  expected_s?: number | null;
  started_at?: string | number | null;
  /** Until when a step waits for its router. */
  deadline_at?: string | number | null;
  status?: string | null;
  findings?: Finding[] | null;
  readings?: ReadingRow[] | null;
  changes?: Change[] | null;
  age_s?: number | null;
  seconds?: number | null;
  reason?: string | null;
  by?: { kind?: string; id?: string; name?: string } | string | null;
  owner?: { kind: string; id?: string | null; name?: string | null } | null;
  action?: string | null;
  values?: Record<string, unknown> | null;
  errors?: Record<string, string[]> | null;
}

export interface SessionEvent {
  session: string;
  seq: number;
  id: string;
  ts: string;
  type: string;
  actor: Actor;
  audience?: string[];
  step?: StepRef | null;
  locale?: string | null;
  body: Body;
  reply_to?: string | null;
  expires_at?: string | null;
}

export interface EventPage {
  events: SessionEvent[];
  last_seq: number;
  more: boolean;
}

export interface Subject {
  kind: "customer" | "staff";
  id: string;
  tenant_id?: string;
  role: string;
  name?: string | null;
}
