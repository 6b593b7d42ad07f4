// The way a packet took: how long each step needed to answer, as a line with a dot a step. Steps that did
// not answer are open dots at the floor. The same is there as a table.
import { css, html, nothing, svg } from "lit";
import { shown } from "../moments.ts";
import { card, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { HopRow, Widget } from "../wire/types.ts";
import { drawn, titled } from "./picture-style.ts";

const WIDTH = 360;
const LEFT = 14;
const RIGHT = 346;
const TOP = 26;
const FLOOR = 112;
const HEIGHT = 136;
const NUMBERS_MOST = 16;
const SCALE_LEAST_MS = 10;

export class CfHops extends Worded {
  static override properties = { widget: { attribute: false } };
  declare widget: Widget;

  static override styles = [
    look,
    card,
    titled,
    drawn,
    css`
      text.time {
        fill: var(--ink);
        font-weight: 650;
      }
      .floor {
        stroke: var(--line);
      }
      .way {
        fill: none;
        stroke: var(--accent);
        stroke-width: 2;
        stroke-linejoin: round;
      }
      .hop {
        fill: var(--accent);
      }
      .silent {
        fill: var(--surface);
        stroke: var(--edge);
        stroke-width: 1.5;
      }
    `,
  ];

  override render() {
    const { title, summary } = this.widget;
    const rows = (this.widget.rows ?? []) as HopRow[];
    return html`
      ${title ? html`<h2>${title}</h2>` : nothing}
      ${summary && summary !== title ? html`<p class="sum">${summary}</p>` : nothing}
      ${rows.length ? html`${this.#picture(rows)}${this.#table(rows)}` : nothing}
    `;
  }

  #picture(rows: readonly HopRow[]) {
    const most = Math.max(SCALE_LEAST_MS, ...rows.map((row) => row.average_ms ?? 0));
    const x = (index: number) => (rows.length === 1 ? WIDTH / 2 : LEFT + ((RIGHT - LEFT) * index) / (rows.length - 1));
    const y = (time: number) => FLOOR - (time / most) * (FLOOR - TOP);
    const answered = rows.map((row, index) => ({ time: row.average_ms, index })).filter((one) => one.time !== null) as { time: number; index: number }[];
    const every = Math.ceil(rows.length / NUMBERS_MOST);
    const slowest = answered.reduce<{ time: number; index: number } | null>((best, one) => (best && best.time >= one.time ? best : one), null);
    const told = [...new Set([slowest, answered.at(-1)])].filter((one) => one !== null && one !== undefined);
    const before = (index: number) => answered.findLast((one) => one.index < index)?.time ?? 0;
    return svg`<svg role="img" aria-label=${`${this.widget.title ?? ""}. ${this.widget.summary ?? ""}`} viewBox="0 0 ${WIDTH} ${HEIGHT}">
      <title>${this.widget.summary ?? ""}</title>
      <line class="floor" x1="0" x2=${WIDTH} y1=${FLOOR} y2=${FLOOR}></line>
      <polyline class="way" points=${answered.map((one) => `${x(one.index)},${y(one.time)}`).join(" ")}></polyline>
      ${rows.map((row, index) =>
        row.average_ms === null
          ? svg`<circle class="silent" cx=${x(index)} cy=${FLOOR} r="3.5"></circle>`
          : svg`<circle class="hop" cx=${x(index)} cy=${y(row.average_ms)} r="4"></circle>`,
      )}
      ${told.map((one) => svg`<text class="time" x=${Math.min(RIGHT - 14, Math.max(LEFT + 14, x(one.index)))} y=${y(one.time) + (one.time < before(one.index) ? 17 : -9)}>${shown(one.time, "ms")}</text>`)}
      ${rows.map((row, index) => (index % every ? nothing : svg`<text x=${x(index)} y=${FLOOR + 17}>${row.n}</text>`))}
    </svg>`;
  }

  #table(rows: readonly HopRow[]) {
    return html`<details>
      <summary>${t("picture-table", { n: rows.length })}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">${t("hops-number")}</th>
            <th scope="col">${t("hops-who")}</th>
            <th scope="col">${t("hops-time")}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) => html`<tr>
              <td class="figures">${row.n}</td>
              <td>${[row.host, row.address].filter(Boolean).join(" · ") || "–"}</td>
              <td class="figures">${row.times_ms.length ? row.times_ms.map((time) => shown(time, "ms")).join(", ") : t("hops-silent")}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </details>`;
  }
}
customElements.define("cf-hops", CfHops);
