// Where each WiFi channel lies on a picture's axis. Pure: numbers in, numbers out.
// Channels are 5 MHz apart by number; a 20 MHz network covers four numbers (IEEE 802.11-2020 annex E).

/** Runs of channel numbers that belong together; what lies between them is not WiFi and takes no room. */
const GROUPS: Record<string, readonly (readonly [number, number])[]> = {
  "2.4GHz": [[1, 14]],
  "5GHz": [[36, 64], [100, 144], [149, 177]],
  "6GHz": [[1, 93], [97, 189], [193, 233]],
};
const GAP = 6;
const EDGE = 3;
/** Where a run ends nearly everywhere; the rest is shown where somebody is there. */
const USUAL_END: Record<number, number> = { 14: 13, 177: 165 };
const TICKS_MOST = 14;

export interface Axis {
  /** Position of a channel number, from 0 to 1. */
  at(channel: number): number;
  ticks: readonly number[];
}

/** The groups of the band in which anything is, else the first. */
export function axis(band: string, used: readonly number[]): Axis {
  const all = GROUPS[band] ?? GROUPS["2.4GHz"]!;
  const filled = all.filter(([from, to]) => used.some((channel) => channel >= from && channel <= to));
  const groups = (filled.length ? filled : [all[0]!]).map(([from, to]) => {
    const end = USUAL_END[to] ?? to;
    return [from, used.some((channel) => channel > end && channel <= to) ? to : end] as const;
  });
  const whole = groups.reduce((sum, [from, to]) => sum + to - from, 0) + GAP * (groups.length - 1) + 2 * EDGE;
  const at = (channel: number) => {
    let start = EDGE;
    for (const [from, to] of groups) {
      if (channel <= to + EDGE || to === groups.at(-1)![1]) return (start + channel - from) / whole;
      start += to - from + GAP;
    }
    return 1;
  };
  const step = band === "2.4GHz" ? 1 : 4;
  const numbers = groups.flatMap(([from, to]) => Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step));
  const every = Math.ceil(numbers.length / TICKS_MOST);
  return { at, ticks: numbers.filter((_, index) => index % every === 0) };
}

/** The channel numbers at which a network's spectrum begins and ends. */
export function span(band: string, channel: number, width_mhz: number): readonly [number, number] {
  if (band === "2.4GHz" || width_mhz <= 20) return [channel - width_mhz / 10, channel + width_mhz / 10];
  const first = (GROUPS[band] ?? []).find(([from, to]) => channel >= from && channel <= to)?.[0] ?? channel;
  const numbers = width_mhz / 5;
  const start = first + Math.floor((channel - first) / numbers) * numbers;
  return [start - 2, start + numbers - 2];
}

const QUIET_DBM = -95;
const LOUD_DBM = -40;

/** How tall a network is drawn, from 0.12 to 1; one that does not say how loud it is stays low. */
export function loudness(signal_dbm: number | null): number {
  if (signal_dbm === null) return 0.2;
  return Math.min(1, Math.max(0.12, (signal_dbm - QUIET_DBM) / (LOUD_DBM - QUIET_DBM)));
}
