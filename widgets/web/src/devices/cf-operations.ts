// What can be done with a router from here: checks first, then repairs, files and power. What cannot be
// done stays in sight with the reason.
import { css, html, nothing } from "lit";
import { icon, type IconName } from "../icons.ts";
import { span } from "../moments.ts";
import { card, controls, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Operation } from "../wire/device.ts";
import type { Wanted } from "./fitting.ts";
import { part } from "./part.ts";

const GROUPS: readonly (readonly [Operation["group"], IconName])[] = [
  ["check", "search"],
  ["repair", "wrench"],
  ["file", "inbox"],
  ["power", "again"],
  ["other", "router"],
];

export class CfOperations extends Worded {
  static override properties = { operations: { attribute: false } };
  declare operations: readonly Operation[];

  static override styles = [
    look,
    controls,
    card,
    part,
    css`
      section + section {
        margin-top: 1.6rem;
      }
      h2 {
        margin-bottom: 0.7rem;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(19rem, 100%), 1fr));
        gap: 0.75rem;
      }
      li {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0.25rem 0.85rem;
        align-content: start;
        padding: 1rem 1.1rem 0.95rem;
      }
      li > .icon {
        margin-top: 0.1rem;
        color: var(--accent);
      }
      .off > .icon {
        color: var(--soft);
      }
      h3 {
        line-height: 1.35;
      }
      .what, .cost, .why, .button {
        grid-column: 2;
      }
      .what {
        color: var(--soft);
        font-size: 0.9375rem;
      }
      .cost {
        display: flex;
        flex-wrap: wrap;
        gap: 0.35rem;
        margin-top: 0.2rem;
      }
      .cost .pill {
        font-size: 0.8125rem;
        white-space: normal;
      }
      .why {
        display: flex;
        gap: 0.4rem;
        font-size: 0.9375rem;
        font-weight: 550;
        color: var(--warn);
      }
      @container (max-width: 16rem) {
        li { display: block; padding: 0.9rem 0.8rem; }
        h3 { overflow-wrap: anywhere; }
      }
      .button {
        justify-self: start;
        margin-top: 0.45rem;
      }
    `,
  ];

  override render() {
    if (!this.operations.length) return html`<p class="card empty">${t("router-no-operations")}</p>`;
    return GROUPS.map(([group, glyph]) => {
      // What takes a change back starts from that change, in its own part.
      const listed = this.operations.filter((one) => one.group === group && !one.inputs.some((input) => input.type === "change"));
      if (!listed.length) return nothing;
      return html`<section aria-labelledby="group-${group}">
        <h2 id="group-${group}">${t(`router-group-${group}`)}</h2>
        <ul>${listed.map((one) => this.#tile(one, glyph))}</ul>
      </section>`;
    });
  }

  #tile(one: Operation, glyph: IconName) {
    const id = `operation-${one.workflow}`;
    return html`<li class="card ${one.available ? "" : "off"}">
      ${icon(glyph, 24)}
      <h3 id=${id}>${one.title}</h3>
      ${one.text && one.text !== one.title ? html`<p class="what">${one.text}</p>` : nothing}
      ${one.writes || one.disrupts_s
        ? html`<p class="cost">
            ${one.writes ? html`<span class="pill">${t("offer-writes")}</span>` : nothing}
            ${one.disrupts_s ? html`<span class="pill warn">${t("offer-drops", { span: span(one.disrupts_s) })}</span>` : nothing}
          </p>`
        : nothing}
      ${one.available ? nothing : html`<p class="why" id="why-${one.workflow}">${icon("info", 18)}<span>${one.why || t("router-not-now")}</span></p>`}
      <button class="button slim" aria-describedby="${id}${one.available ? "" : ` why-${one.workflow}`}" aria-disabled=${one.available ? "false" : "true"}
        @click=${() => one.available && this.#open(one)}>${t("router-run-start")}</button>
    </li>`;
  }

  #open(operation: Operation): void {
    const detail: Wanted = { operation, inputs: {} };
    this.dispatchEvent(new CustomEvent("cf-operate", { detail, bubbles: true, composed: true }));
  }
}
customElements.define("cf-operations", CfOperations);
