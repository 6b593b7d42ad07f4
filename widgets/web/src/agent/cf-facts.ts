// What an agent should know at a glance: the person, the plan, the router, earlier visits.
import { css, html, nothing } from "lit";
import { agoFrom, day, dialled } from "../moments.ts";
import { card, look } from "../style.ts";
import { language, oneOf, t, Worded } from "../texts.ts";
import type { Customer, DeviceOverview } from "../wire/staff.ts";

export class CfFacts extends Worded {
  static override properties = { customer: { attribute: false }, device: {} };
  declare customer: Customer;
  /** The id of the router that is worked on; "" for all. */
  declare device: string;

  constructor() {
    super();
    this.device = "";
  }

  static override styles = [
    look,
    card,
    css`
      :host {
        display: grid;
        gap: 0.9rem;
        align-content: start;
      }
      h2 {
        font-size: 1.25rem;
      }
      h3 {
        font-size: 0.9375rem;
        margin-bottom: 0.5rem;
      }
      dl {
        display: grid;
        gap: 0.55rem;
        margin-top: 0.8rem;
      }
      dt {
        font-size: 0.8125rem;
        color: var(--soft);
      }
      dd {
        font-weight: 560;
        overflow-wrap: anywhere;
      }
      .contact {
        display: flex;
        align-items: center;
        gap: 0.45rem;
      }
      .excellent, .good { color: var(--good); }
      .fair { color: var(--warn); }
      .poor { color: var(--bad); }
      .contact i {
        width: 0.6rem;
        height: 0.6rem;
        border-radius: 50%;
        background: var(--good);
      }
      .away i {
        background: none;
        box-shadow: inset 0 0 0 2px var(--edge);
      }
      .inside {
        margin-top: 0.7rem;
        font-weight: 600;
      }
      .entry {
        padding: 0.5rem 0;
        border-bottom: 1px solid var(--line);
        font-size: 0.9375rem;
      }
      .entry:last-child {
        border: 0;
        padding-bottom: 0;
      }
      .entry a {
        font-weight: 600;
        text-decoration: none;
      }
      @media (hover: hover) {
        .entry a:hover {
          text-decoration: underline;
        }
      }
    `,
  ];

  override render() {
    const { customer } = this;
    const devices = customer.devices.filter((one) => !this.device || one.id === this.device);
    return html`
      <section class="card" aria-label=${t("facts-customer")}>
        <h2>${customer.first_name} ${customer.last_name}</h2>
        <dl>
          <div><dt>${t("facts-phone")}</dt><dd class="figures">${dialled(customer.phone)}</dd></div>
          <div><dt>${t("facts-address")}</dt><dd>${customer.address}</dd></div>
          <div><dt>${t("facts-plan")}</dt><dd>${customer.subscription?.plan ?? t("facts-no-plan")}</dd></div>
          <div><dt>${t("facts-language")}</dt><dd>${new Intl.DisplayNames([language()], { type: "language" }).of(customer.locale)}</dd></div>
        </dl>
      </section>
      ${devices.map((one) => this.#router(one))}
      <section class="card">
        <h3>${t("facts-visits")}</h3>
        ${customer.conversations.map((one) => this.#visit(one))}
        ${customer.entries.map((one) => html`<p class="entry">${one.text}<br /><span class="small soft">${day(one.at)}</span></p>`)}
        ${customer.entries.length || customer.conversations.length ? nothing : html`<p class="soft">${t("facts-no-visits")}</p>`}
      </section>
    `;
  }

  #visit(one: Customer["conversations"][number]) {
    return html`<p class="entry"><a href="#k/${this.customer.id}/c/${one.id}">${one.title}</a><br />
      <span class="small soft">${t(`conversation-state-${one.state}`)} · ${oneOf(`channel-${one.channel}`, "channel-customer")} · ${day(one.updated_at)}</span></p>`;
  }

  #router(one: DeviceOverview) {
    const seen = agoFrom(one.last_contact_at);
    return html`<section class="card" aria-label=${t("facts-router")}>
      <h3>${t("facts-router")}</h3>
      <p class=${one.state}><b>${oneOf(`quality-${one.state}`, "quality-unknown")}</b></p>
      <p class="small">${one.state_text}</p>
      <dl>
        <div><dt>${t("facts-model")}</dt><dd>${one.manufacturer} ${one.model}</dd></div>
        <div><dt>${t("facts-serial")}</dt><dd class="figures">${one.serial_number}</dd></div>
        <div><dt>${t("facts-software")}</dt><dd class="figures">${one.software_version || "–"}${one.data_model ? html` <span class="soft small">${one.data_model.toUpperCase()}</span>` : nothing}</dd></div>
        <div><dt>${t("facts-contact")}</dt><dd class="contact ${one.online ? "" : "away"}"><i></i>${seen || t("home-never-heard")}</dd></div>
      </dl>
      <p class="inside"><a href="/devices?as=agent#${one.id}" target="careflow-routers">${t("facts-open-router")}</a></p>
    </section>`;
  }
}
customElements.define("cf-facts", CfFacts);

