// What the staff API says of routers and their files, as its schemas say.
import type { Moment } from "./types.ts";

export interface Owner {
  id: string;
  name: string;
}

export interface DeviceFound {
  id: string;
  serial_number: string;
  manufacturer: string;
  model: string;
  product_class: string;
  oui: string;
  software_version: string;
  tags: string[];
  state: string;
  state_text: string;
  online: boolean;
  last_contact_at: Moment;
  address: string;
  customer: Owner | null;
  admission: "enrolled" | "quarantined";
}

export interface Rows<T> {
  items: T[];
  next: string | null;
}

export interface DevicePage extends Rows<DeviceFound> {
  /** null where counting would cost a look at every router; from `total_limit` on "that many or more". */
  total: number | null;
  total_limit: number;
}

export interface WifiNetwork {
  band: string | null;
  ssid: string;
  enabled: boolean | null;
  channel: number | null;
  auto: boolean | null;
}

export interface DeviceDetail extends DeviceFound {
  hardware_version: string;
  data_model: string | null;
  last_boot_at: Moment;
  uptime_s: number | null;
  wake: { kind: "http" | "udp" | "none"; text: string };
  /** Since its last session it came by a factory credential and was refused. */
  knocked_at: Moment;
  /** A factory credential opens it at its next call. */
  may_enrol: boolean;
  wifi: WifiNetwork[];
  hosts: { name: string; mac: string; ip: string; active: boolean | null }[];
  firmware: { current: string; offered: { version: string; file_id: string } | null };
  backup: { file_id: string; at: Moment } | null;
  summary: string[];
  profile: { name: string; quirks: string[] } | null;
}

/** An object (its path ends in ".") or a parameter. `value` is masked where `secret`. */
export interface ParameterItem {
  path: string;
  name: string;
  kind: "object" | "parameter";
  value: string | null;
  secret: boolean;
  type: string | null;
  writable: boolean | null;
  read_at: Moment;
  children: number;
}

export interface DeviceTask {
  id: string;
  what: string;
  text: string;
  state: "queued" | "sent" | "running" | "done" | "expired";
  created_at: Moment;
  sent_at: Moment;
  done_at: Moment;
  deadline_at: Moment;
  by: string;
  progress: { phase: string; done: number; total: number; unit: string } | null;
  fault: { code: string; text: string; why: string; parameters: { name: string; code: string; text: string }[] } | null;
  cancellable: boolean;
}

export interface DeviceSession {
  id: string;
  began_at: Moment;
  ended_at: Moment;
  events: string[];
  source: string;
  ending: "open" | "well" | "silent" | "failed" | "superseded";
  messages: number;
  bytes_in: number;
  bytes_out: number;
}

export interface DeviceMessage {
  at: Moment;
  direction: "in" | "out";
  method: string;
  summary: string;
  xml: string;
  bytes: number;
}

export interface DeviceSessionDetail extends Omit<DeviceSession, "messages"> {
  message_count: number;
  messages: DeviceMessage[];
}

export interface ChangeItem {
  path: string;
  label: string;
  before: string | null;
  after: string | null;
  verified: boolean | null;
  kind: "set" | "added" | "deleted";
}

export interface ChangeSet {
  id: string;
  at: Moment;
  by: string;
  workflow: string;
  title: string;
  items: ChangeItem[];
  undo: { state: "possible" | "done" | "running" | "impossible"; text: string };
}

export interface OperationInput {
  name: string;
  type: "string" | "int" | "boolean" | "file" | "path" | "value" | string;
  label: string;
  default: unknown;
  required: boolean;
  options: { value: string; label: string }[];
  min: number | null;
  max: number | null;
  accept: string;
}

export interface Operation {
  workflow: string;
  title: string;
  text: string;
  group: "check" | "repair" | "file" | "power" | "other";
  writes: boolean;
  disrupts_s: number | null;
  inputs: OperationInput[];
  available: boolean;
  why: string;
}

export interface StoredFile {
  id: string;
  kind: "firmware" | "configuration" | "log" | "other";
  name: string;
  version: string;
  models: string[];
  size_bytes: number;
  sha256: string;
  device_id: string | null;
  by: string;
  created_at: Moment;
}

/** The address of a router in the API, or of a part of it. */
export function deviceUrl(id: string, part = "", query: Record<string, string | null> = {}): string {
  const asked = new URLSearchParams(Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1])));
  return `staff/devices/${encodeURIComponent(id)}${part ? `/${part}` : ""}${asked.size ? `?${asked}` : ""}`;
}
