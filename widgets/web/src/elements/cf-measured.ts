// What a test measured: each value large, with its unit, on a scale where it has one; a mark shows what is
// enough, and words say whether it is. The rows are a list, so no table beside is needed.
import { css, html, nothing, svg } from "lit";
import { icon } from "../icons.ts";
import { shown, size } from "../moments.ts";
import { card, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { MeasureRow, Widget } from "../wire/types.ts";
import { titled } from "./picture-style.ts";

const WIDTH = 200;
const HEAD_ROOM = 1.25;

export class CfMeasured extends Worded {
  static override properties = { widget: { attribute: false } };
  declare widget: Widget;

  static override styles = [
    look,
    card,
    titled,
    css`
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(7.5rem, 100%), 1fr));
        gap: 0.9rem 1.4rem;
        margin-top: 0.7rem;
      }
      dt {
        color: var(--soft);
        font-size: 0.9375rem;
      }
      .value {
        font-size: 1.5rem;
        line-height: 1.25;
        font-weight: 650;
        letter-spacing: -0.015em;
        overflow-wrap: anywhere;
      }
      .value small {
        font-size: 0.9375rem;
        font-weight: 500;
        letter-spacing: 0;
        color: var(--soft);
      }
      svg.scale {
        width: 100%;
        height: 0.75rem;
        margin-top: 0.3rem;
      }
      .rail {
        fill: var(--sunken);
      }
      .bar {
        fill: var(--accent);
      }
      .bar.poor {
        fill: var(--warn);
      }
      .mark {
        stroke: var(--ink);
        stroke-width: 2;
      }
      .verdict {
        display: flex;
        align-items: center;
        gap: 0.35rem;
        margin-top: 0.2rem;
        font-size: 0.875rem;
        font-weight: 600;
      }
      .good { color: var(--good); }
      .poor { color: var(--warn); }
    `,
  ];

  override render() {
    const { title, summary, fallback } = this.widget;
    const rows = (this.widget.rows ?? []) as MeasureRow[];
    const own = summary && summary !== title && !fallback?.includes(summary.split(";")[0]!);
    return html`
      ${title ? html`<h2>${title}</h2>` : nothing} ${own ? html`<p class="sum">${summary}</p>` : nothing}
      ${rows.length ? html`<dl>${rows.map((row) => this.#row(row, rows))}</dl>` : nothing}
    `;
  }

  #row(row: MeasureRow, rows: readonly MeasureRow[]) {
    return html`<div>
      <dt>${row.label}</dt>
      <dd>
        <span class="value figures">${row.unit === "B" ? size(row.value) : shown(row.value)}${row.unit && row.unit !== "B" ? html` <small>${row.unit}</small>` : nothing}</span>
        ${this.#scale(row, rows)} ${this.#verdict(row)}
      </dd>
    </div>`;
  }

  /** Values of one unit share a scale, so that they can be held against each other; a plain count or amount has none. */
  #scale(row: MeasureRow, rows: readonly MeasureRow[]) {
    const plain = !row.unit || row.unit === "B";
    if (plain && row.most === null && row.enough === null) return nothing;
    const alike = rows.filter((one) => one.unit === row.unit);
    const least = Math.min(row.least ?? 0, row.value);
    const most = row.most ?? Math.max(...alike.flatMap((one) => [one.value, (one.enough ?? 0) * HEAD_ROOM]));
    if (!(most > least)) return nothing;
    const at = (value: number) => Math.max(0, Math.min(1, (value - least) / (most - least))) * WIDTH;
    return svg`<svg class="scale" aria-hidden="true" viewBox="0 0 ${WIDTH} 12" preserveAspectRatio="none">
      <rect class="rail" y="3" width=${WIDTH} height="6" rx="3"></rect>
      <rect class="bar ${row.verdict === "poor" ? "poor" : ""}" y="3" width=${Math.max(3, at(row.value))} height="6" rx="3"></rect>
      ${row.enough === null ? nothing : svg`<line class="mark" x1=${at(row.enough)} x2=${at(row.enough)} y1="0" y2="12"></line>`}
    </svg>`;
  }

  #verdict(row: MeasureRow) {
    if (!row.verdict || row.enough === null) return nothing;
    const words = t(row.better === "less" ? "measured-at-most" : "measured-at-least", { amount: shown(row.enough, row.unit) });
    return html`<span class="verdict ${row.verdict}">${icon(row.verdict === "good" ? "check" : "alert", 16)}${words}</span>`;
  }
}
customElements.define("cf-measured", CfMeasured);
