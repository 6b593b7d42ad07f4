// Small words of the page on routers: how a state looks, how large a file is, how long it has been up.
import { t, variety } from "../texts.ts";

/** The colour that goes with a state in words; the words stand beside it. */
export function tone(state: string): "good" | "warn" | "bad" | "" {
  if (state === "excellent" || state === "good") return "good";
  if (state === "fair") return "warn";
  return state === "poor" ? "bad" : "";
}

const SIZES = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** "3.4 MB", in the reader's way to write numbers. */
export function size(bytes: number): string {
  const power = Math.min(SIZES.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
  const value = bytes / 1000 ** power;
  const digits = power && value < 100 ? 1 : 0;
  return new Intl.NumberFormat(variety(), { style: "unit", unit: SIZES[power]!, unitDisplay: power ? "short" : "long", maximumFractionDigits: digits }).format(value);
}

/** "3 days 4 h", "12 min". */
export function lasting(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  if (days) return t("router-span-days", { days, hours });
  if (hours) return t("time-short-hours", { n: hours });
  return t("time-short-minutes", { n: Math.floor(seconds / 60) });
}
