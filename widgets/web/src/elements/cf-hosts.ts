// The devices of a home: the sentence first, then who is there, and the same as a table.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { card, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { HostRow, Widget } from "../wire/types.ts";
import { titled } from "./picture-style.ts";

const FIRST_ROWS = 6;

export class CfHosts extends Worded {
  static override properties = { widget: { attribute: false } };
  declare widget: Widget;

  static override styles = [
    look,
    card,
    titled,
    css`
      ul {
        display: grid;
        gap: 0.15rem;
        margin-top: 0.7rem;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.75rem;
        padding: 0.45rem 0;
      }
      .dot {
        display: grid;
        place-items: center;
        flex: none;
        width: 2.25rem;
        height: 2.25rem;
        border-radius: 0.8rem;
        background: var(--sunken);
        color: var(--soft);
      }
      .here .dot {
        background: var(--good-wash);
        color: var(--good);
      }
      .name {
        flex: 1 1 6rem;
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .state {
        margin-inline-start: auto;
        text-align: end;
        font-size: 0.875rem;
        color: var(--soft);
      }
      .here .state {
        color: var(--good);
        font-weight: 600;
      }
    `,
  ];

  override render() {
    const rows = (this.widget.rows ?? []) as HostRow[];
    return html`
      ${this.widget.title ? html`<h2>${this.widget.title}</h2>` : nothing}
      ${this.widget.summary && this.widget.summary !== this.widget.title ? html`<p class="sum">${this.widget.summary}</p>` : nothing}
      ${rows.length ? html`<ul>${rows.slice(0, FIRST_ROWS).map((row) => this.#row(row))}</ul>` : html`<p class="sum">${t("hosts-none")}</p>`}
      ${rows.length ? this.#table(rows) : nothing}
    `;
  }

  #row(row: HostRow) {
    const name = row.name || row.mac || t("hosts-unnamed");
    return html`<li class=${row.active ? "here" : ""}>
      <span class="dot">${icon(row.active ? "wifi" : "phone", 20)}</span>
      <span class="name">${name}</span>
      <span class="state">${t(row.active ? "hosts-here" : "hosts-away")}</span>
    </li>`;
  }

  #table(rows: readonly HostRow[]) {
    return html`<details>
      <summary>${t("hosts-table", { n: rows.length })}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">${t("hosts-name")}</th>
            <th scope="col">${t("hosts-ip")}</th>
            <th scope="col">${t("hosts-mac")}</th>
            <th scope="col">${t("hosts-state")}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) => html`<tr>
              <td>${row.name || "–"}</td>
              <td class="figures">${row.ip || "–"}</td>
              <td class="figures">${row.mac || "–"}</td>
              <td>${t(row.active ? "hosts-here" : "hosts-away")}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </details>`;
  }
}
customElements.define("cf-hosts", CfHosts);
