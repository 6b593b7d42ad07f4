// What was found so far: who, what is wrong, each step's result with its age, changes made, answers
// given, causes ruled out.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { agoFrom, dialled } from "../moments.ts";
import { card, look } from "../style.ts";
import { oneOf, t, Worded } from "../texts.ts";
import type { Body, Change } from "../wire/types.ts";
import type { Context, ContextStep, EscalationDetail } from "../wire/staff.ts";
import "../elements/cf-result.ts";

export class CfFound extends Worded {
  static override properties = { detail: { attribute: false } };
  declare detail: EscalationDetail;
  #read_ms = Date.now();

  static override styles = [
    look,
    card,
    css`
      :host {
        display: grid;
        gap: 1.4rem;
        align-content: start;
        padding: 1.1rem 1.2rem 2rem;
      }
      h3 {
        font-size: 0.9375rem;
        margin-bottom: 0.5rem;
      }
      dl {
        display: grid;
        gap: 0.45rem;
      }
      dt {
        font-size: 0.8125rem;
        color: var(--soft);
      }
      dd {
        font-weight: 560;
        overflow-wrap: anywhere;
      }
      .inside {
        margin-top: 0.6rem;
        font-weight: 600;
      }
      .why {
        padding: 0.8rem 1rem;
        border-radius: var(--radius-small);
        background: var(--warn-wash);
      }
      .step {
        padding: 0.7rem 0 0.8rem;
        border-top: 1px solid var(--line);
      }
      .step h4 {
        display: flex;
        justify-content: space-between;
        gap: 0.75rem;
        font-size: 0.9375rem;
        margin-bottom: 0.5rem;
      }
      .step h4 span {
        font-weight: 450;
        font-size: 0.8125rem;
        color: var(--soft);
        white-space: nowrap;
      }
      .rows li {
        display: flex;
        gap: 0.55rem;
        padding: 0.25rem 0;
        font-size: 0.9375rem;
      }
      .rows .icon {
        margin-top: 0.15rem;
        color: var(--good);
      }
    `,
  ];

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("detail")) this.#read_ms = Date.now();
  }

  override render() {
    const { detail } = this;
    const { context, customer } = detail;
    const name = `${customer.first_name ?? ""} ${customer.last_name ?? ""}`.trim() || detail.customer_name;
    return html`
      <section>
        <dl>
          <div><dt>${t("facts-customer")}</dt><dd>${name || "–"}</dd></div>
          ${customer.phone ? html`<div><dt>${t("facts-phone")}</dt><dd class="figures">${dialled(customer.phone)}</dd></div>` : nothing}
          ${customer.address ? html`<div><dt>${t("facts-address")}</dt><dd>${customer.address}</dd></div>` : nothing}
          ${detail.subscription ? html`<div><dt>${t("facts-plan")}</dt><dd>${detail.subscription.plan}</dd></div>` : nothing}
          <div><dt>${t("found-symptom")}</dt><dd>${context.title || detail.title}</dd></div>
        </dl>
        <p class="inside"><a href="/devices?as=operator#${detail.device_id}" target="careflow-routers">${t("facts-open-router")}</a></p>
      </section>
      <section class="why">
        <h3>${oneOf(`reason-${detail.reason}`, "reason-other")}</h3>
        ${detail.detail ? html`<p>${detail.detail}</p>` : detail.text ? html`<p>${detail.text}</p>` : nothing}
      </section>
      ${this.#answers(context)}
      <section>
        <h3>${t("found-steps")}</h3>
        ${context.steps?.length ? context.steps.map((step) => this.#step(step)) : html`<p class="soft">${t("found-no-steps")}</p>`}
      </section>
      ${this.#changes(context.changes ?? [])} ${this.#ruledOut(context)}
    `;
  }

  #step(step: ContextStep) {
    const { findings = [], readings = [], text = "", status } = step;
    const body: Body = { text, findings, readings, status };
    const age = agoFrom(step.at);
    return html`<div class="step">
      <h4>${step.title || step.node}<span>${age}</span></h4>
      <cf-result plain technical .body=${body} .elapsed=${(Date.now() - this.#read_ms) / 1000}></cf-result>
    </div>`;
  }

  #changes(changes: readonly Change[]) {
    return html`<section>
      <h3>${t("found-changes")}</h3>
      ${changes.length
        ? html`<cf-result plain technical .body=${{ changes: [...changes] } satisfies Body}></cf-result>`
        : html`<p class="soft">${t("found-no-changes")}</p>`}
    </section>`;
  }

  #answers(context: Context) {
    const listed = context.answers ?? [];
    if (!listed.length) return nothing;
    return html`<section>
      <h3>${t("found-answers")}</h3>
      <dl>${listed.map((one) => html`<div><dt>${one.label}</dt><dd>${one.text}</dd></div>`)}</dl>
    </section>`;
  }

  #ruledOut(context: Context) {
    const listed = context.ruled_out ?? [];
    if (!listed.length) return nothing;
    return html`<section>
      <h3>${t("found-ruled-out")}</h3>
      <ul class="rows">${listed.map((one) => html`<li>${icon("check", 18)}<span>${one.text}</span></li>`)}</ul>
    </section>`;
  }
}
customElements.define("cf-found", CfFound);
