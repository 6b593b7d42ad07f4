// One parameter, opened: its whole path and value, type and age; a secret in clear for whoever may see it and
// says why; and an editor that fits the type, checked by the server as one types, written by a workflow.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { agoFrom } from "../moments.ts";
import { controls, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Api } from "../wire/api.ts";
import { deviceUrl, type Operation, type ParameterItem } from "../wire/device.ts";
import { ApiError } from "../wire/failure.ts";
import "../elements/cf-failure.ts";
import { writing } from "./fitting.ts";
import { may } from "./may.ts";

const PAUSE_MS = 300;
/** A secret does not stay on a screen that one has turned away from. */
const SHOWN_MS = 60_000;
const REASON_LEAST = 3;
const NUMBERS = new Set(["int", "unsignedInt", "long", "unsignedLong"]);

export class CfParameter extends Worded {
  static override properties = {
    api: { attribute: false },
    device: {},
    item: { attribute: false },
    operations: { attribute: false },
    value: { state: true },
    errors: { state: true },
    clear: { state: true },
    error: { state: true },
    mode: { state: true },
    fits: { state: true },
  };
  declare api: Api;
  declare device: string;
  declare item: ParameterItem;
  declare operations: readonly Operation[];
  declare private value: string;
  declare private errors: readonly string[];
  /** The secret, while it is shown. */
  declare private clear: string | null;
  declare private error: ApiError | null;
  declare private mode: "" | "edit" | "reveal";
  declare private fits: boolean;
  #timer = 0;
  #hide = 0;
  #turn = 0;

  constructor() {
    super();
    this.operations = [];
    this.value = "";
    this.errors = [];
    this.clear = null;
    this.error = null;
    this.mode = "";
    this.fits = false;
  }

  static override styles = [
    look,
    controls,
    css`
      :host {
        padding: 0.9rem 1rem 1rem;
        border-radius: var(--radius-small);
        background: var(--sunken);
      }
      code {
        font: 0.875rem ui-monospace, "DejaVu Sans Mono", monospace;
        overflow-wrap: anywhere;
      }
      .path {
        color: var(--soft);
      }
      .whole {
        margin: 0.35rem 0;
        white-space: pre-wrap;
        font-weight: 600;
      }
      .deeds {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        margin-top: 0.75rem;
      }
      form {
        margin-top: 0.9rem;
        max-width: 34rem;
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    clearTimeout(this.#hide);
    this.clear = null;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    const before = changed.get("item") as ParameterItem | undefined;
    if (changed.has("item") && before?.path !== this.item.path) {
      this.mode = "";
      this.clear = null;
    }
  }

  get #type(): string {
    return (this.item.type ?? "").replace(/^xsd:/, "");
  }

  override render() {
    const { item } = this;
    const role = this.api.subject?.role;
    const facts = [this.#type, item.read_at ? t("result-age", { ago: agoFrom(item.read_at, this.api.now_ms()) }) : t("router-not-read"), item.writable === false ? t("router-read-only") : ""];
    const writable = item.writable !== false && may(role, "operate") && writing(this.operations, item.path, "", "");
    return html`
      <code class="path">${item.path}</code>
      <p class="whole"><code>${this.clear ?? item.value ?? t("router-not-read")}</code></p>
      <p class="small soft">${facts.filter(Boolean).join(" · ")}</p>
      ${this.error ? html`<cf-failure .error=${this.error}></cf-failure>` : nothing}
      ${this.mode === "edit" ? this.#editor() : this.mode === "reveal" ? this.#reason() : html`<div class="deeds">
        ${may(role, "operate") ? html`<button class="button slim" @click=${() => this.dispatchEvent(new CustomEvent("cf-read"))}>${icon("again", 18)}${t("router-read")}</button>` : nothing}
        ${writable ? html`<button class="button slim" @click=${this.#edit}>${icon("wrench", 18)}${t("router-change")}</button>` : nothing}
        ${item.secret && item.value && may(role, "reveal") && this.clear === null
          ? html`<button class="button slim" @click=${() => this.#turnTo("reveal")}>${icon("shield", 18)}${t("router-reveal")}</button>`
          : nothing}
        ${this.clear !== null ? html`<button class="button slim" @click=${() => (this.clear = null)}>${t("router-hide")}</button>` : nothing}
      </div>`}
    `;
  }

  #editor() {
    const wrong = this.errors.length > 0;
    return html`<form novalidate @submit=${this.#write}>
      <label for="value">${t("router-new-value")} <span class="soft">${t(`router-type-${typeWords(this.#type)}`)}</span></label>
      ${this.#type === "boolean" ? this.#yesNo() : html`<input class="input" id="value" .value=${this.value} type=${NUMBERS.has(this.#type) ? "number" : "text"}
        min=${this.#type.startsWith("unsigned") ? "0" : nothing} autocomplete="off" spellcheck="false" aria-invalid=${wrong ? "true" : nothing}
        aria-describedby="wrong" @input=${this.#typed} />`}
      <p class="wrong" id="wrong" role="status">${this.errors.join(" ")}</p>
      <div class="deeds">
        <button class="button primary slim" aria-disabled=${this.fits && !wrong ? "false" : "true"}>${t("router-write")}</button>
        <button class="button slim" type="button" @click=${() => this.#turnTo("")}>${t("dialog-cancel")}</button>
      </div>
    </form>`;
  }

  #yesNo() {
    const on = /^(1|true)$/i.test(this.value);
    return html`<select class="input" id="value" @change=${this.#typed}>
      <option value="true" ?selected=${on}>${t("value-yes")} (true)</option>
      <option value="false" ?selected=${!on}>${t("value-no")} (false)</option>
    </select>`;
  }

  #reason() {
    return html`<form novalidate @submit=${this.#reveal}>
      <label for="reason">${t("router-reveal-reason")}</label>
      <input class="input" id="reason" maxlength="500" autocomplete="off" aria-describedby="kept" />
      <p class="hint" id="kept">${t("router-reveal-kept")}</p>
      <div class="deeds">
        <button class="button primary slim">${t("router-reveal")}</button>
        <button class="button slim" type="button" @click=${() => this.#turnTo("")}>${t("dialog-cancel")}</button>
      </div>
    </form>`;
  }

  #turnTo(mode: "" | "edit" | "reveal"): void {
    this.mode = mode;
    this.error = null;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(mode ? ".input" : ".deeds .button")?.focus());
  }

  #edit = (): void => {
    const { value, secret } = this.item;
    const plain = secret ? (this.clear ?? "") : (value ?? "");
    // A switch is opened at its other position: that is what one came for.
    this.value = this.#type === "boolean" ? String(!/^(1|true)$/i.test(plain)) : plain;
    this.errors = [];
    this.fits = this.#type === "boolean";
    this.#turnTo("edit");
  };

  #typed = (event: Event): void => {
    this.value = (event.target as HTMLInputElement).value;
    this.fits = false;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#check(), PAUSE_MS);
  };

  /** True when the value does; what is wrong with it is shown. */
  async #check(): Promise<boolean> {
    const turn = ++this.#turn;
    try {
      await this.api.post(deviceUrl(this.device, "parameters/check"), { path: this.item.path, value: this.value, type: this.item.type ?? "" });
      if (turn !== this.#turn) return false;
      this.errors = [];
      this.error = null;
      this.fits = true;
    } catch (error) {
      if (turn !== this.#turn) return false;
      const failure = ApiError.from(error);
      this.errors = Object.values(failure.fields).flat().map(String);
      if (!this.errors.length) this.error = failure;
      this.fits = false;
    }
    return this.fits;
  }

  #write = async (event: Event): Promise<void> => {
    event.preventDefault();
    clearTimeout(this.#timer);
    if (!(await this.#check())) return;
    const detail = writing(this.operations, this.item.path, this.value, this.item.type ?? "");
    if (detail) this.dispatchEvent(new CustomEvent("cf-operate", { detail, bubbles: true, composed: true }));
    this.#turnTo("");
  };

  #reveal = async (event: Event): Promise<void> => {
    event.preventDefault();
    const input = this.renderRoot.querySelector<HTMLInputElement>("#reason")!;
    const reason = input.value.trim();
    if (reason.length < REASON_LEAST) {
      input.setAttribute("aria-invalid", "true");
      input.focus();
      return;
    }
    try {
      const told = await this.api.post<{ value: string }>(deviceUrl(this.device, "parameters/reveal"), { path: this.item.path, reason });
      this.#turnTo("");
      this.clear = told.value;
      clearTimeout(this.#hide);
      this.#hide = window.setTimeout(() => (this.clear = null), SHOWN_MS);
    } catch (error) {
      this.error = ApiError.from(error);
    }
  };
}

function typeWords(type: string): string {
  if (NUMBERS.has(type)) return type.startsWith("unsigned") ? "whole" : "number";
  return ({ boolean: "switch", dateTime: "moment", base64: "bytes", base64Binary: "bytes", hexBinary: "bytes" } as Record<string, string>)[type] ?? "text";
}

customElements.define("cf-parameter", CfParameter);
