// Small words of the page on routers: how a state looks, how long it has been up.
import { t } from "../texts.ts";

/** The colour that goes with a state in words; the words stand beside it. */
export function tone(state: string): "good" | "warn" | "bad" | "" {
  if (state === "excellent" || state === "good") return "good";
  if (state === "fair") return "warn";
  return state === "poor" ? "bad" : "";
}

/** "3 days 4 h", "12 min". */
export function lasting(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  if (days) return t("router-span-days", { days, hours });
  if (hours) return t("time-short-hours", { n: hours });
  return t("time-short-minutes", { n: Math.floor(seconds / 60) });
}
