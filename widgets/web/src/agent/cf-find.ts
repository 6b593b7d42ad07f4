// Find a customer by phone, name, address or serial number.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { agoFrom, dialled } from "../moments.ts";
import { card, controls, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Api } from "../wire/api.ts";
import { ApiError } from "../wire/failure.ts";
import type { CustomerBrief, Page } from "../wire/staff.ts";
import "../elements/cf-failure.ts";

const PAUSE_MS = 220;

export class CfFind extends Worded {
  static override properties = {
    api: { attribute: false },
    found: { state: true },
    next: { state: true },
    error: { state: true },
  };
  declare api: Api;
  declare private found: readonly CustomerBrief[] | null;
  declare private next: string | null;
  declare private error: ApiError | null;
  #asked = "";
  #turn = 0;
  #timer = 0;

  constructor() {
    super();
    this.found = null;
    this.next = null;
    this.error = null;
  }

  static override styles = [
    look,
    controls,
    card,
    css`
      :host {
        width: 100%;
        max-width: 54rem;
        margin: 0 auto;
        padding: clamp(1.5rem, 6vh, 4rem) 1.25rem 3rem;
      }
      h2 {
        font-size: 1.875rem;
        letter-spacing: -0.028em;
        margin-bottom: 1.1rem;
      }
      .search {
        position: relative;
        margin-bottom: 1.4rem;
      }
      .search .icon {
        position: absolute;
        inset-inline-start: 1.1rem;
        top: 0.95rem;
        color: var(--soft);
      }
      .search .input {
        min-height: 3.5rem;
        padding-inline-start: 3rem;
        border-radius: 1.25rem;
        font-size: 1.125rem;
        box-shadow: var(--shadow);
      }
      .row {
        display: grid;
        grid-template-columns: minmax(0, 1.1fr) minmax(0, 1.2fr) auto;
        gap: 0.25rem 1.25rem;
        align-items: center;
        padding: 0.9rem 1.1rem;
        color: inherit;
        text-decoration: none;
        border-bottom: 1px solid var(--line);
      }
      li:last-child .row {
        border-bottom: 0;
      }
      @media (hover: hover) {
        .row:hover {
          background: var(--accent-wash);
        }
      }
      ul.card {
        padding: 0;
        overflow: hidden;
      }
      b {
        font-weight: 630;
      }
      .row small {
        display: block;
        color: var(--soft);
        font-size: 0.875rem;
        overflow-wrap: anywhere;
      }
      @media (max-width: 40rem) {
        .row { grid-template-columns: minmax(0, 1fr) auto; }
        .row > :nth-child(2) { grid-column: 1; }
        .row > .icon { grid-area: 1 / 2; }
      }
      .more {
        margin-top: 1rem;
      }
    `,
  ];

  override firstUpdated(): void {
    this.renderRoot.querySelector("input")?.focus();
    void this.#search();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override render() {
    return html`
      <h2 id="find">${t("find-heading")}</h2>
      <search class="search">
        ${icon("search")}
        <input class="input" type="search" aria-labelledby="find" placeholder=${t("find-hint")} autocomplete="off" @input=${this.#typed} />
      </search>
      <cf-failure .error=${this.error} .retry=${() => void this.#search()}></cf-failure>
      <p class="unseen" role="status">${this.found ? t("find-count", { n: this.found.length }) : ""}</p>
      ${this.found?.length ? html`<ul class="card">${this.found.map((one) => this.#row(one))}</ul>` : nothing}
      ${this.found && !this.found.length ? html`<p class="card soft">${t(this.#asked ? "find-none" : "find-empty")}</p>` : nothing}
      ${this.next ? html`<button class="button wide more" @click=${() => void this.#search(this.next)}>${t("list-more")}</button>` : nothing}
    `;
  }

  #row(one: CustomerBrief) {
    const device = one.devices[0];
    return html`<li><a class="row" href="#k/${one.id}">
      <span><b>${one.first_name} ${one.last_name}</b><small class="figures">${dialled(one.phone)}</small></span>
      <span><small>${one.address}</small>
        <small>${device ? `${device.model} · ${device.serial_number}${device.last_inform_at ? ` · ${agoFrom(device.last_inform_at)}` : ""}` : t("find-no-router")}</small></span>
      ${icon("next")}
    </a></li>`;
  }

  #typed = (event: Event): void => {
    this.#asked = (event.target as HTMLInputElement).value.trim();
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#search(), PAUSE_MS);
  };

  async #search(after: string | null = null): Promise<void> {
    const turn = ++this.#turn;
    const query = new URLSearchParams({ q: this.#asked });
    if (after) query.set("after", after);
    try {
      const page = await this.api.get<Page<CustomerBrief>>(`staff/customers?${query}`);
      // A slower answer to an older question is dropped.
      if (turn !== this.#turn) return;
      this.found = after ? [...(this.found ?? []), ...page.items] : page.items;
      this.next = page.next;
      this.error = null;
    } catch (error) {
      if (turn === this.#turn) this.error = ApiError.from(error);
    }
  }
}
customElements.define("cf-find", CfFind);
