// A router that nobody knows has called and is held back: nothing is read or written. Staff who may let it in,
// and say whose it is. Fires "cf-admitted".
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { dialled } from "../moments.ts";
import { controls, look } from "../style.ts";
import { language, t, Worded } from "../texts.ts";
import type { Api } from "../wire/api.ts";
import { deviceUrl, type DeviceDetail } from "../wire/device.ts";
import { ApiError } from "../wire/failure.ts";
import type { CustomerBrief, Page } from "../wire/staff.ts";
import "../elements/cf-dialog.ts";
import type { CfDialog } from "../elements/cf-dialog.ts";
import "../elements/cf-failure.ts";
import { may } from "./may.ts";

const PAUSE_MS = 220;
const FOUND_LIMIT = 6;

export class CfAdmit extends Worded {
  static override properties = {
    api: { attribute: false },
    detail: { attribute: false },
    found: { state: true },
    chosen: { state: true },
    error: { state: true },
    busy: { state: true },
  };
  declare api: Api;
  declare detail: DeviceDetail;
  declare private found: readonly CustomerBrief[];
  declare private chosen: CustomerBrief | null;
  declare private error: ApiError | null;
  declare private busy: boolean;
  #timer = 0;

  constructor() {
    super();
    this.found = [];
    this.chosen = null;
    this.error = null;
    this.busy = false;
  }

  static override styles = [
    look,
    controls,
    css`
      .notice {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.85rem;
        margin-bottom: 1rem;
        padding: 1rem 1.1rem;
        border-radius: var(--radius);
        background: var(--warn-wash);
      }
      .notice > .icon {
        color: var(--warn);
      }
      .notice div {
        flex: 1;
        min-width: min(16rem, 100%);
      }
      h3 {
        font-size: 1.0625rem;
      }
      fieldset {
        display: grid;
        gap: 0.4rem;
        margin: 0.8rem 0 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0 0 0.4rem;
        font-weight: 600;
        font-size: 0.9375rem;
      }
      fieldset label {
        display: flex;
        align-items: center;
        gap: 0.7rem;
        min-height: var(--target);
        margin: 0;
        padding: 0.4rem 0.9rem;
        border: 1.5px solid var(--line);
        border-radius: var(--radius-small);
        font-weight: 500;
        cursor: pointer;
      }
      label:has(:checked) {
        border-color: var(--accent);
        background: var(--accent-wash);
      }
      input[type="radio"] {
        width: 1.2rem;
        height: 1.2rem;
        margin: 0;
        accent-color: var(--accent);
      }
      small {
        display: block;
        color: var(--soft);
      }
      .field {
        margin-top: 1rem;
      }
      cf-failure {
        margin-top: 0.8rem;
      }
    `,
  ];

  override render() {
    const allowed = may(this.api.subject?.role, "admit");
    return html`
      <section class="notice" aria-labelledby="held">
        ${icon("shield", 26)}
        <div><h3 id="held">${t("router-held")}</h3><p>${t(allowed ? "router-held-lead" : "router-held-ask")}</p></div>
        ${allowed ? html`<button class="button primary slim" @click=${() => void this.#dialog.show()}>${t("router-admit")}</button>` : nothing}
      </section>
      <cf-dialog .heading=${t("router-admit")} .go=${t("router-admit")} ?busy=${this.busy} @cf-go=${() => void this.#admit()}>
        <p class="soft">${t("router-admit-lead", { serial: this.detail.serial_number })}</p>
        <div class="field">
          <label for="q">${t("router-admit-find")}</label>
          <input class="input" id="q" type="search" autocomplete="off" placeholder=${t("find-hint")} @input=${this.#typed} />
        </div>
        <fieldset>
          <legend>${t("router-admit-whose")}</legend>
          ${this.#option(null)} ${this.found.map((one) => this.#option(one))}
        </fieldset>
        ${this.error ? html`<cf-failure .error=${this.error}></cf-failure>` : nothing}
      </cf-dialog>
    `;
  }

  #option(one: CustomerBrief | null) {
    return html`<label>
      <input type="radio" name="whose" .checked=${(this.chosen?.id ?? null) === (one?.id ?? null)} @change=${() => (this.chosen = one)} />
      <span>${one ? `${one.first_name} ${one.last_name}` : t("router-no-customer")}${one ? html`<small class="figures">${dialled(one.phone)} · ${one.address}</small>` : nothing}</span>
    </label>`;
  }

  get #dialog(): CfDialog {
    return this.renderRoot.querySelector("cf-dialog")!;
  }

  #typed = (event: Event): void => {
    const asked = (event.target as HTMLInputElement).value.trim();
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(async () => {
      const query = new URLSearchParams({ q: asked, limit: String(FOUND_LIMIT) });
      const page = asked ? await this.api.get<Page<CustomerBrief>>(`staff/customers?${query}`).catch(() => null) : null;
      const listed = page?.items ?? [];
      this.found = this.chosen && !listed.some((one) => one.id === this.chosen?.id) ? [this.chosen, ...listed] : listed;
    }, PAUSE_MS);
  };

  async #admit(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = null;
    try {
      await this.api.post(deviceUrl(this.detail.id, "admit"), { customer_id: this.chosen?.id ?? null, locale: language() });
      this.#dialog.close();
      this.dispatchEvent(new CustomEvent("cf-admitted"));
    } catch (error) {
      this.error = ApiError.from(error);
    } finally {
      this.busy = false;
    }
  }
}
customElements.define("cf-admit", CfAdmit);
