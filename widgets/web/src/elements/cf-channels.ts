// The WiFi networks around a home as hills over the channels, the home's own among them, and the best
// channel as a free place. The sentence comes first; the same is there as a table.
import { css, html, nothing, svg } from "lit";
import { card, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { NetworkRow, Widget } from "../wire/types.ts";
import { drawn, titled } from "./picture-style.ts";
import { axis, loudness, span, type Axis } from "./spectrum.ts";

const WIDTH = 360;
const TOP = 34;
const FLOOR = 152;
const HEIGHT = 176;
const OWN_LOUDNESS = 0.82;
const WIDTH_PLAIN_MHZ = 20;

export class CfChannels extends Worded {
  static override properties = { widget: { attribute: false } };
  declare widget: Widget;

  static override styles = [
    look,
    card,
    titled,
    drawn,
    css`
      .floor {
        stroke: var(--line);
      }
      .hill {
        fill: color-mix(in oklab, var(--soft) 14%, transparent);
        stroke: color-mix(in oklab, var(--soft) 70%, transparent);
      }
      .own {
        fill: color-mix(in oklab, var(--accent) 26%, transparent);
        stroke: var(--accent);
        stroke-width: 2.5;
      }
      .best {
        fill: var(--good-wash);
        stroke: color-mix(in oklab, var(--good) 45%, transparent);
        stroke-dasharray: 3 3;
      }
      text.you {
        fill: var(--accent);
        font-weight: 700;
      }
      text.good {
        fill: var(--good);
        font-weight: 700;
      }
    `,
  ];

  override render() {
    const { title, summary } = this.widget;
    const rows = (this.widget.rows ?? []) as NetworkRow[];
    return html`
      ${title ? html`<h2>${title}</h2>` : nothing}
      ${summary && summary !== title ? html`<p class="sum">${summary}</p>` : nothing}
      ${this.#picture(rows)} ${rows.length ? this.#table(rows) : nothing}
    `;
  }

  #picture(rows: readonly NetworkRow[]) {
    const { band = "2.4GHz", channel = null, best = null } = this.widget;
    const used = [...rows.map((row) => row.channel), ...[channel, best].filter((one) => one !== null)];
    const along = axis(band, used);
    const own = rows.find((row) => this.#isOwn(row));
    const others = rows.filter((row) => row !== own);
    return svg`<svg role="img" aria-label=${`${this.widget.title ?? ""}. ${this.widget.summary ?? ""}`} viewBox="0 0 ${WIDTH} ${HEIGHT}">
      <title>${this.widget.summary ?? ""}</title>
      ${best === null ? nothing : this.#place(along, band, best)}
      ${others.map((row) => svg`<path class="hill" d=${hill(along, band, row.channel, row.width_mhz, loudness(row.signal_dbm))}></path>`)}
      ${channel === null ? nothing : this.#own(along, band, channel, own)}
      <line class="floor" x1="0" x2=${WIDTH} y1=${FLOOR} y2=${FLOOR}></line>
      ${ticks(along, channel, best).map(
        (one) => svg`<text class=${one === channel ? "you" : one === best ? "good" : ""} x=${along.at(one) * WIDTH} y=${FLOOR + 16}>${one}</text>`,
      )}
    </svg>`;
  }

  #place(along: Axis, band: string, best: number) {
    const [from, to] = span(band, best, WIDTH_PLAIN_MHZ);
    const x = along.at(from) * WIDTH;
    return svg`<rect class="best" x=${x} y=${TOP} width=${along.at(to) * WIDTH - x} height=${FLOOR - TOP} rx="6"></rect>
      <text class="good" x=${within(along.at(best) * WIDTH, 30)} y=${TOP - 7}>${t("channels-best-mark", { channel: best })}</text>`;
  }

  #own(along: Axis, band: string, channel: number, own: NetworkRow | undefined) {
    const tall = own ? loudness(own.signal_dbm) : OWN_LOUDNESS;
    return svg`<path class="own" d=${hill(along, band, channel, own?.width_mhz ?? WIDTH_PLAIN_MHZ, tall)}></path>
      <text class="you" x=${within(along.at(channel) * WIDTH, 14)} y=${FLOOR - tall * (FLOOR - TOP) - 6}>${t("channels-you")}</text>`;
  }

  /** The router may hear itself; its name on its channel says so. */
  #isOwn(row: NetworkRow): boolean {
    return Boolean(this.widget.ssid) && row.ssid === this.widget.ssid && row.channel === this.widget.channel;
  }

  #table(rows: readonly NetworkRow[]) {
    return html`<details>
      <summary>${t("picture-table", { n: rows.length })}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">${t("channels-network")}</th>
            <th scope="col">${t("channels-channel")}</th>
            <th scope="col">${t("channels-signal")}</th>
            <th scope="col">${t("channels-width")}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) => html`<tr>
              <td>${row.ssid || t("channels-hidden")}${this.#isOwn(row) ? ` (${t("channels-you")})` : ""}</td>
              <td class="figures">${row.channel}</td>
              <td class="figures">${row.signal_dbm === null ? "–" : `${row.signal_dbm} dBm`}</td>
              <td class="figures">${row.width_mhz} MHz</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </details>`;
  }
}

/** A hill over the spectrum that a network covers, `tall` from 0 to 1. */
function hill(along: Axis, band: string, channel: number, width_mhz: number, tall: number): string {
  const [from, to] = span(band, channel, width_mhz).map((one) => along.at(one) * WIDTH) as [number, number];
  const shoulder = (to - from) * 0.22;
  const top = FLOOR - (tall * (FLOOR - TOP)) / 0.75;
  return `M${from} ${FLOOR} C${from + shoulder} ${top} ${to - shoulder} ${top} ${to} ${FLOOR}Z`;
}

function within(x: number, half: number): number {
  return Math.min(WIDTH - half, Math.max(half, x));
}

/** The ticks of the axis with the two channels that matter; a tick too near to one of these gives way. */
function ticks(along: Axis, ...marked: (number | null)[]): number[] {
  const kept = marked.filter((one) => one !== null);
  const clear = (one: number) => kept.every((mark) => mark === one || Math.abs(along.at(mark) - along.at(one)) * WIDTH > 15);
  return [...new Set([...along.ticks.filter(clear), ...kept])].sort((a, b) => a - b);
}

customElements.define("cf-channels", CfChannels);
