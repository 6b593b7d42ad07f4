// Find a router as one types: by serial number, customer, tag, model, address or firmware, with filters.
// What is asked for stands in the address, so that the way back leads to the same list.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { agoFrom } from "../moments.ts";
import { card, controls, look } from "../style.ts";
import { language, oneOf, t, Worded } from "../texts.ts";
import type { Api } from "../wire/api.ts";
import type { DeviceFound, DevicePage } from "../wire/device.ts";
import { ApiError } from "../wire/failure.ts";
import "../elements/cf-failure.ts";
import { LIST } from "./places.ts";
import { may } from "./may.ts";
import { part } from "./part.ts";
import { tone } from "./words.ts";

const PAUSE_MS = 220;
const REFRESH_MS = 20_000;
const FILTERS = ["model", "firmware", "tag"] as const;
const STATES = ["online", "offline", "excellent", "good", "fair", "poor", "unknown", "quarantined"] as const;
const PARTS = ["q", ...FILTERS, "state"] as const;

export class CfDeviceFind extends Worded {
  static override properties = {
    api: { attribute: false },
    asked: {},
    query: { state: true },
    page: { state: true },
    error: { state: true },
    now: { state: true },
    filtering: { state: true },
  };
  declare api: Api;
  /** The search in the address, e.g. "q=NV00&state=online". */
  declare asked: string;
  declare private query: Record<string, string>;
  declare private page: DevicePage | null;
  declare private error: ApiError | null;
  declare private now: number;
  /** On a small screen the filters stay folded until asked for. */
  declare private filtering: boolean;
  #timer = 0;
  #again = 0;
  #turn = 0;
  #language = "";

  constructor() {
    super();
    this.asked = "";
    this.query = {};
    this.page = null;
    this.error = null;
    this.now = Date.now();
    this.filtering = false;
  }

  static override styles = [
    look,
    controls,
    card,
    part,
    css`
      :host {
        padding: 1.75rem 1.25rem 3rem;
      }
      h2 {
        font-size: 1.75rem;
        letter-spacing: -0.025em;
      }
      search {
        display: grid;
        grid-template-columns: minmax(14rem, 2.4fr) repeat(4, minmax(8rem, 1fr));
        gap: 0.7rem;
        align-items: end;
        margin-bottom: 1rem;
      }
      .words {
        position: relative;
      }
      .words .icon {
        position: absolute;
        inset: auto auto 0.8rem 0.95rem;
        color: var(--soft);
      }
      .words .input {
        padding-inline-start: 2.8rem;
      }
      .filters {
        display: contents;
      }
      .fold {
        display: none;
      }
      .count {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.4rem 1rem;
        min-height: 2.5rem;
        color: var(--soft);
        font-size: 0.9375rem;
      }
      ul.card {
        padding: 0;
        overflow: hidden;
      }
      li + li {
        border-top: 1px solid var(--line);
      }
      .row {
        display: grid;
        grid-template-columns: minmax(0, 1.3fr) minmax(0, 1.3fr) minmax(0, 1.2fr) minmax(8.5rem, auto) 1.4rem;
        gap: 0.4rem 1.25rem;
        align-items: center;
        padding: 0.85rem 1.2rem;
        color: inherit;
        text-decoration: none;
      }
      @media (hover: hover) {
        .row:hover {
          background: var(--accent-wash);
        }
      }
      .row:focus-visible {
        outline-offset: -3px;
      }
      .row b {
        display: block;
        font-weight: 630;
        overflow-wrap: anywhere;
      }
      .row small {
        display: block;
        font-size: 0.875rem;
        color: var(--soft);
        overflow-wrap: anywhere;
      }
      .row > .icon {
        color: var(--soft);
      }
      .state {
        display: grid;
        justify-items: start;
        gap: 0.15rem;
      }
      .tags {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem;
        margin-top: 0.15rem;
      }
      .tags span {
        padding: 0.05rem 0.5rem;
        border-radius: 0.4rem;
        background: var(--sunken);
        font-size: 0.8125rem;
      }
      @media (max-width: 64rem) {
        search { grid-template-columns: repeat(2, minmax(0, 1fr)); }
        .words { grid-column: 1 / -1; }
      }
      @media (max-width: 52rem) {
        .row { grid-template-columns: minmax(0, 1fr) auto 1.4rem; padding-inline: 1rem; }
        .row > :nth-child(2), .row > :nth-child(3) { grid-column: 1 / 3; grid-row: auto; }
        .row > :nth-child(1) { order: 0; }
        .row > .state { order: 1; justify-items: end; }
        .row > .icon { order: 2; }
        .row > :nth-child(2) { order: 3; }
        .row > :nth-child(3) { order: 4; }
        :host { padding-inline: 1rem; }
        .fold { display: inline-flex; grid-column: 1 / -1; justify-self: start; }
        .filters:not(.open) { display: none; }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#again = window.setInterval(() => {
      // A list one has leafed through is not taken away from under one's eyes.
      if (document.visibilityState === "visible" && (this.page?.items.length ?? 0) <= 25) void this.#search();
    }, REFRESH_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    clearInterval(this.#again);
    // Whoever follows a link before the pause is over comes back to what was typed, too.
    this.#keep();
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("asked") && this.asked !== this.#written()) {
      const given = new URLSearchParams(this.asked);
      this.query = Object.fromEntries(PARTS.map((name) => [name, given.get(name) ?? ""]).filter(([, value]) => value));
      void this.#search();
    } else if (this.#language !== language()) void this.#search();
  }

  override firstUpdated(): void {
    if (matchMedia("(hover: hover)").matches) this.renderRoot.querySelector<HTMLInputElement>("#q")?.focus();
  }

  override render() {
    const { page } = this;
    const items = page?.items ?? [];
    const filtered = [...FILTERS, "state"].some((name) => this.query[name]);
    const open = this.filtering || filtered;
    return html`
      <div class="head">
        <h2 id="find">${t("router-find")}</h2>
        ${may(this.api.subject?.role, "files") ? html`<a class="button slim" href="#files">${icon("inbox", 18)}${t("router-library")}</a>` : nothing}
      </div>
      <search>
        <div class="words">
          <label for="q">${t("router-find-words")}</label>
          ${icon("search", 20)}
          <input class="input" id="q" type="search" placeholder=${t("router-find-hint")} autocomplete="off" maxlength="100" .value=${this.query["q"] ?? ""} @input=${this.#typed("q")} />
        </div>
        <button class="button slim fold" ?hidden=${filtered} aria-expanded=${open ? "true" : "false"} @click=${() => (this.filtering = !open)}>${t("router-filters")}</button>
        <div class="filters ${open ? "open" : ""}">${FILTERS.map((name) => this.#filter(name, items))}
        <div>
          <label for="state">${t("router-filter-state")}</label>
          <select class="input" id="state" .value=${this.query["state"] ?? ""} @change=${this.#typed("state")}>
            <option value="">${t("router-filter-any")}</option>
            ${STATES.map((one) => html`<option value=${one} ?selected=${one === this.query["state"]}>${t(`router-state-${one}`)}</option>`)}
          </select>
        </div></div>
      </search>
      <cf-failure .error=${this.error} .retry=${() => void this.#search()}></cf-failure>
      <p class="count"><span role="status">${page ? this.#count(page) : t("loading")}</span>
        ${Object.values(this.query).some(Boolean)
          ? html`<button class="button quiet slim" @click=${this.#clear}>${icon("cross", 16)}${t("router-filter-clear")}</button>`
          : nothing}</p>
      ${items.length ? html`<ul class="card">${items.map((one) => html`<li>${this.#row(one)}</li>`)}</ul>` : nothing}
      ${page && !items.length && !page.next ? html`<p class="card empty">${t(Object.values(this.query).some(Boolean) ? "router-find-none" : "router-find-empty")}</p>` : nothing}
      ${page?.next ? html`<button class="button wide more" @click=${() => void this.#search(page.next)}>${t("list-more")}</button>` : nothing}
    `;
  }

  #filter(name: (typeof FILTERS)[number], items: readonly DeviceFound[]) {
    const seen = new Set(items.flatMap((one) => (name === "model" ? [one.model] : name === "firmware" ? [one.software_version] : one.tags)));
    return html`<div>
      <label for=${name}>${t(`router-filter-${name}`)}</label>
      <input class="input" id=${name} list="${name}s" autocomplete="off" maxlength="48" .value=${this.query[name] ?? ""} @input=${this.#typed(name)} />
      <datalist id="${name}s">${[...seen].filter(Boolean).map((one) => html`<option value=${one}></option>`)}</datalist>
    </div>`;
  }

  #row(one: DeviceFound) {
    const quarantined = one.admission === "quarantined";
    return html`<a class="row" href="#${one.id}">
      <span><b>${one.model || one.product_class || t("router-unnamed")}</b><small class="figures">${one.serial_number}</small></span>
      <span>${one.customer ? one.customer.name : html`<span class="soft">${t("router-no-customer")}</span>`}<small class="figures">${one.address || "–"}</small></span>
      <span><small>${t("router-firmware-of", { version: one.software_version || "–" })}</small>
        ${one.tags.length ? html`<span class="tags">${one.tags.map((tag) => html`<span>${tag}</span>`)}</span>` : nothing}</span>
      <span class="state"><span class="pill ${quarantined ? "warn" : tone(one.state)}">${quarantined ? t("router-state-quarantined") : oneOf(`quality-${one.state}`, "quality-unknown")}</span>
        <small>${one.last_contact_at ? agoFrom(one.last_contact_at, this.now) : t("home-never-heard")}</small></span>
      ${icon("next", 20)}
    </a>`;
  }

  #count(page: DevicePage): string {
    if (page.total === null) return t(page.next ? "router-count-many" : "router-count", { n: page.items.length });
    return t(page.total >= page.total_limit ? "router-count-many" : "router-count", { n: page.total });
  }

  #typed = (name: string) => (event: Event) => {
    this.query = { ...this.query, [name]: (event.target as HTMLInputElement).value };
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#search(), PAUSE_MS);
  };

  #clear = (): void => {
    this.query = {};
    void this.#search();
    this.renderRoot.querySelector<HTMLInputElement>("#q")?.focus();
  };

  #keep(): void {
    const written = this.#written();
    sessionStorage.setItem(LIST, written ? `?${written}` : "");
  }

  #written(): string {
    const given = PARTS.map((name) => [name, (this.query[name] ?? "").trim()] as [string, string]).filter(([, value]) => value);
    return new URLSearchParams(given).toString();
  }

  async #search(after: string | null = null): Promise<void> {
    this.#language = language();
    const turn = ++this.#turn;
    const written = this.#written();
    // One who has just followed a link to a router is not called back by what was typed before.
    if (/^(?:#\?.*)?$/.test(location.hash)) history.replaceState(null, "", written ? `#?${written}` : location.pathname + location.search);
    this.#keep();
    const query = new URLSearchParams(written);
    query.set("locale", this.#language);
    if (after) query.set("after", after);
    try {
      const page = await this.api.get<DevicePage>(`staff/devices?${query}`);
      // A slower answer to an older question is dropped.
      if (turn !== this.#turn || !this.isConnected) return;
      this.page = after ? { ...page, items: [...(this.page?.items ?? []), ...page.items] } : page;
      this.error = null;
      this.now = this.api.now_ms();
    } catch (error) {
      if (turn === this.#turn) this.error = ApiError.from(error);
    }
  }
}
customElements.define("cf-device-find", CfDeviceFind);
