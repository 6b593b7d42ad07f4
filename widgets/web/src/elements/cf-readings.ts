// Measured values with unit and age, as a table: a name, a value, how old it is.
import { css, html, nothing } from "lit";
import { ago, shown } from "../moments.ts";
import { card, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { ReadingRow } from "../wire/types.ts";

export class CfReadings extends Worded {
  static override properties = { rows: { attribute: false }, caption: {}, elapsed: { type: Number } };
  declare rows: readonly ReadingRow[];
  declare caption: string;
  /** Seconds since the event was written; added to each age. */
  declare elapsed: number;

  constructor() {
    super();
    this.rows = [];
    this.caption = "";
    this.elapsed = 0;
  }

  static override styles = [
    look,
    card,
    css`
      caption {
        text-align: start;
        font-weight: 600;
        padding-bottom: 0.25rem;
      }
      th[scope="row"] {
        color: var(--ink);
        font-size: 0.9375rem;
        font-weight: 500;
      }
      .value {
        font-weight: 600;
        overflow-wrap: break-word;
      }
      thead th {
        overflow-wrap: break-word;
      }
      @container (max-width: 20rem) {
        .value, thead th {
          overflow-wrap: anywhere;
        }
      }
      td.soft {
        font-size: 0.875rem;
      }
    `,
  ];

  override render() {
    if (!this.rows.length) return nothing;
    const aged = this.rows.some((row) => typeof row.age_s === "number");
    return html`<table>
      ${this.caption ? html`<caption>${this.caption}</caption>` : nothing}
      <thead>
        <tr>
          <th scope="col">${t("reading-name")}</th>
          <th scope="col">${t("reading-value")}</th>
          ${aged ? html`<th scope="col">${t("reading-age")}</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${this.rows.map(
          (row) => html`<tr>
            <th scope="row">${row.label || row.name}</th>
            <td class="value figures">${shown(row.value, row.unit)}</td>
            ${aged ? html`<td class="soft">${typeof row.age_s === "number" ? ago(row.age_s + this.elapsed) : ""}</td>` : nothing}
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}
customElements.define("cf-readings", CfReadings);
