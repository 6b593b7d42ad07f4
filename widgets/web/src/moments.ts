// Times and spans in a person's words. The server's times are ISO 8601, in places seconds since 1970.
import { t, variety } from "./texts.ts";
import type { Moment } from "./wire/types.ts";

export type { Moment } from "./wire/types.ts";

export function toMs(moment: Moment): number | null {
  if (moment === null || moment === undefined || moment === "") return null;
  const ms = typeof moment === "number" ? moment * 1000 : Date.parse(moment);
  return Number.isFinite(ms) ? ms : null;
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** "just now", "3 minutes ago", "yesterday". */
export function ago(seconds: number): string {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 45) return t("time-just-now");
  const format = new Intl.RelativeTimeFormat(variety(), { numeric: "auto" });
  for (const [unit, size] of UNITS) {
    if (seconds >= size * 0.75) return format.format(-Math.max(1, Math.round(seconds / size)), unit);
  }
  return format.format(-1, "minute");
}

export function agoFrom(moment: Moment, now_ms = Date.now()): string {
  const ms = toMs(moment);
  return ms === null ? "" : ago((now_ms - ms) / 1000);
}

/** "20 seconds", "2 minutes". */
export function span(seconds: number): string {
  return seconds < 90 ? t("time-seconds", { n: Math.round(seconds) }) : t("time-minutes", { n: Math.round(seconds / 60) });
}

/** What is left of a wait, for a countdown: "45", "2:59". */
export function remaining(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 100 ? String(whole) : `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** How long something has lasted, or will: "21 days", "1 hour"; in its largest unit that fits. */
export function lasting(seconds: number): string {
  const [unit, size] = [...UNITS, ["second", 1] as const].find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return new Intl.NumberFormat(variety(), { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 1 }).format(seconds / size);
}

/** A waiting time for lists: "45 s", "12 min", "3 h". */
export function waited(seconds: number): string {
  if (seconds < 60) return t("time-short-seconds", { n: Math.max(0, Math.floor(seconds)) });
  if (seconds < 5400) return t("time-short-minutes", { n: Math.floor(seconds / 60) });
  return t("time-short-hours", { n: Math.floor(seconds / 3600) });
}

export function clock(moment: Moment): string {
  const ms = toMs(moment);
  if (ms === null) return "";
  return new Intl.DateTimeFormat(variety(), { hour: "2-digit", minute: "2-digit" }).format(ms);
}

export function day(moment: Moment): string {
  const ms = toMs(moment);
  if (ms === null) return "";
  return new Intl.DateTimeFormat(variety(), { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(ms);
}

/** A phone number in groups of three, as it is read out: "+48 600 000 003". */
export function dialled(phone: string): string {
  return /^\+?\d{7,}$/.test(phone) ? phone.replace(/(?<=\d)(?=(?:\d{3})+$)/g, " ") : phone;
}

/** A raw value as a person reads it; lists with commas, nothing as a dash. */
export function shown(value: unknown, unit?: string | null): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return t(value ? "value-yes" : "value-no");
  if (Array.isArray(value)) return value.map((one) => shown(one)).join(", ");
  if (unit === "s" && typeof value === "number") return lasting(value);
  const text = typeof value === "number" ? new Intl.NumberFormat(variety()).format(value) : String(value);
  return unit ? `${text} ${unit}` : text;
}

const SIZES = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** "3.4 MB", in the reader's way to write numbers. */
export function size(bytes: number): string {
  const power = Math.min(SIZES.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
  const value = bytes / 1000 ** power;
  const digits = power && value < 100 ? 1 : 0;
  return new Intl.NumberFormat(variety(), { style: "unit", unit: SIZES[power]!, unitDisplay: power ? "short" : "long", maximumFractionDigits: digits }).format(value);
}
