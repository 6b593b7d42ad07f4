// What the consoles' API answers, as its schemas say.
import type { Moment } from "../moments.ts";
import type { Change, Finding, ReadingRow } from "./types.ts";

export interface DeviceBrief {
  id: string;
  serial_number: string;
  model: string;
  last_inform_at: Moment;
}

export interface CustomerBrief {
  id: string;
  first_name: string;
  last_name: string;
  phone: string;
  address: string;
  locale: string;
  devices: DeviceBrief[];
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface DeviceOverview {
  id: string;
  serial_number: string;
  manufacturer: string;
  model: string;
  data_model: string | null;
  software_version: string;
  state: string;
  state_text: string;
  online: boolean;
  last_contact_at: Moment;
  /** What checks find in what the router told last, the worst first. */
  noticed: { workflow: string; text: string }[];
}

export interface Visit {
  id: string;
  title: string;
  channel: string;
  state: string;
  updated_at: Moment;
}

export interface Customer extends Omit<CustomerBrief, "devices"> {
  subscription: { plan: string; since: string | null } | null;
  devices: DeviceOverview[];
  entries: { text: string; at: Moment }[];
  conversations: Visit[];
}

export interface WorkflowBrief {
  name: string;
  title: string;
  version: string;
  /** What it does, in a sentence; may be empty. */
  text: string;
}

export interface ConversationBrief {
  id: string;
  customer_id: string;
  device_id: string;
  title: string;
  state: string;
}

export type DeskView = "mine" | "unassigned" | "all";

export interface Escalation {
  id: string;
  conversation_id: string;
  run_id: string | null;
  customer_id: string;
  customer_name?: string;
  device_id: string;
  title: string;
  locale: string;
  reason: string;
  text: string;
  detail: string;
  state: "waiting" | "taken" | "resolved" | "handed_back";
  taken_by: { id: string; name: string } | null;
  disposition: string | null;
  note: string;
  created_at: Moment;
  taken_at: Moment;
  closed_at: Moment;
}

export interface EscalationPage extends Page<Escalation> {
  counts: { mine: number; unassigned: number };
}

export interface ContextStep {
  node: string;
  title: string;
  status: string;
  text?: string | null;
  findings?: Finding[];
  readings?: ReadingRow[];
  changes?: Change[];
  at?: Moment;
  age_s?: number | null;
}

/** What a run has found so far. `symptom` is the author's code; `title` the words for it. */
export interface Context {
  title?: string;
  symptom?: string;
  steps?: ContextStep[];
  changes?: Change[];
  answers?: { node: string; id: string; label: string; text: string }[];
  ruled_out?: { node: string; code: string; text: string }[];
}

export interface EscalationDetail extends Escalation {
  customer: Partial<CustomerBrief>;
  subscription: { plan: string; since: string | null } | null;
  context: Context;
  hand_back_steps: { node: string; title: string }[];
  dispositions: string[];
}
