// Signing in with a phone and a one-time code. In the demo the code is shown here, since there is
// no phone to send it to.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { card, controls, look } from "../style.ts";
import { oneOf, t, Worded } from "../texts.ts";
import type { Api } from "../wire/api.ts";
import type { DemoCodes } from "../wire/customer.ts";
import { ApiError } from "../wire/failure.ts";
import { whatHappened } from "../elements/cf-failure.ts";

const DEFAULT_TENANT = "demo";
const CODE_DIGITS = 6;

const digits = (phone: string) => phone.replace(/\D/g, "");

export class CfSignIn extends Worded {
  static override properties = {
    api: { attribute: false },
    lost: { type: Boolean },
    step: { state: true },
    phone: { state: true },
    demoCode: { state: true },
    busy: { state: true },
    error: { state: true },
  };
  declare api: Api;
  /** One was signed out without asking for it. */
  declare lost: boolean;
  declare private step: "phone" | "code";
  declare private phone: string;
  declare private demoCode: string;
  declare private busy: boolean;
  declare private error: ApiError | null;
  readonly #tenant: string;

  constructor() {
    super();
    const asked = new URLSearchParams(location.search);
    this.#tenant = asked.get("tenant") || DEFAULT_TENANT;
    this.phone = asked.get("phone") ?? "";
    this.step = "phone";
    this.demoCode = "";
    this.busy = false;
    this.error = null;
  }

  static override styles = [
    look,
    controls,
    card,
    css`
      :host {
        max-width: 27rem;
        margin: 0 auto;
        padding: clamp(1.5rem, 7vh, 4.5rem) 1.1rem 2rem;
      }
      h2 {
        font-size: 1.75rem;
        letter-spacing: -0.025em;
      }
      .lost {
        margin-bottom: 1.2rem;
        padding: 0.7rem 1rem;
        border-radius: var(--radius-small);
        background: var(--accent-wash);
      }
      .lead {
        margin: 0.5rem 0 1.6rem;
        color: var(--soft);
      }
      form {
        display: grid;
        gap: 1rem;
      }
      .code {
        font-size: 1.5rem;
        letter-spacing: 0.32em;
        font-weight: 620;
        text-align: center;
        font-variant-numeric: tabular-nums;
      }
      .demo {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.4rem 0.9rem;
        padding: 0.75rem 1rem;
        border-radius: var(--radius-small);
        background: var(--note);
      }
      .demo b {
        font-size: 1.125rem;
        letter-spacing: 0.08em;
      }
      .demo .button {
        margin-inline-start: auto;
      }
    `,
  ];

  override render() {
    return html`
      ${this.lost && this.step === "phone" ? html`<p class="lost" role="status">${t("failure-signed-out")}</p>` : nothing}
      <h2>${t(this.step === "phone" ? "sign-in-heading" : "sign-in-code-heading")}</h2>
      <p class="lead">${this.step === "phone" ? t("sign-in-lead") : t("sign-in-code-lead", { phone: this.phone })}</p>
      ${this.step === "phone" ? this.#askPhone() : this.#askCode()}
    `;
  }

  #askPhone() {
    const wrong = this.error?.fields["phone"] ? t("sign-in-phone-wrong") : "";
    return html`<form novalidate @submit=${this.#request}>
      <div>
        <label for="phone">${t("sign-in-phone")}</label>
        <input class="input" id="phone" type="tel" name="phone" autocomplete="tel" inputmode="tel" .value=${this.phone}
          placeholder="+48 600 000 001" aria-invalid=${wrong ? "true" : nothing} aria-describedby=${wrong ? "wrong" : nothing} />
        ${wrong ? html`<p class="wrong" id="wrong" role="alert">${wrong}</p>` : nothing}
      </div>
      ${wrong ? nothing : html`<cf-failure .error=${this.error}></cf-failure>`}
      <button class="button primary wide" aria-disabled=${this.busy ? "true" : "false"}>${t("sign-in-send-code")}</button>
    </form>`;
  }

  #askCode() {
    const known = this.error && this.error.status > 0 && !this.error.passing;
    const soon = this.error?.code === "code_too_soon" || this.error?.code === "codes_used_up";
    const wrong = soon ? whatHappened(this.error!) : known ? oneOf(`failure-${this.error!.code.replaceAll("_", "-")}`, "failure-wrong-code") : "";
    return html`<form novalidate @submit=${this.#exchange}>
      ${this.demoCode
        ? html`<div class="demo" role="status">
            <span>${t("sign-in-demo-code")} <b>${this.demoCode}</b></span>
            <button class="button slim" type="button" @click=${this.#useDemoCode}>${t("sign-in-demo-use")}</button>
          </div>`
        : nothing}
      <div>
        <label for="code">${t("sign-in-code")}</label>
        <input class="input code" id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength=${CODE_DIGITS}
          aria-invalid=${wrong ? "true" : nothing} aria-describedby=${wrong ? "wrong" : nothing} />
        ${wrong ? html`<p class="wrong" id="wrong" role="alert">${wrong}</p>` : nothing}
      </div>
      ${wrong ? nothing : html`<cf-failure .error=${this.error}></cf-failure>`}
      <button class="button primary wide" aria-disabled=${this.busy ? "true" : "false"}>${t("sign-in-go")}</button>
      <button class="button wide" type="button" @click=${this.#again}>${icon("again", 18)}${t("sign-in-new-code")}</button>
      <button class="button quiet wide" type="button" @click=${this.#back}>${icon("back", 18)}${t("sign-in-other-phone")}</button>
    </form>`;
  }

  override updated(changed: Map<string, unknown>): void {
    if (changed.has("step") && changed.get("step") !== undefined) this.renderRoot.querySelector("input")?.focus();
  }

  #request = async (event: Event): Promise<void> => {
    event.preventDefault();
    this.phone = this.renderRoot.querySelector<HTMLInputElement>("#phone")!.value.trim();
    await this.#again();
  };

  #again = async (): Promise<void> => {
    await this.#try(async () => {
      await this.api.open("POST", "auth/customer/code", { tenant: this.#tenant, phone: this.phone });
      this.step = "code";
    }, (error) => {
      // A code was sent a moment ago and is still good: go on to where it is typed.
      if (error.status === 429) this.step = "code";
    });
    if (this.step === "code") await this.#showDemoCode();
  };

  #exchange = async (event: Event): Promise<void> => {
    event.preventDefault();
    const code = digits(this.renderRoot.querySelector<HTMLInputElement>("#code")!.value);
    await this.#try(async () => {
      const body = { tenant: this.#tenant, phone: this.phone, code };
      this.api.signedIn(await this.api.open("POST", "auth/customer/token", body));
      this.dispatchEvent(new CustomEvent("cf-signed-in", { bubbles: true, composed: true }));
    });
  };

  async #try(work: () => Promise<void>, failed: (error: ApiError) => void = () => {}): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = null;
    try {
      await work();
    } catch (error) {
      this.error = ApiError.from(error);
      failed(this.error);
    } finally {
      this.busy = false;
    }
  }

  async #showDemoCode(): Promise<void> {
    try {
      const { codes } = await this.api.open<DemoCodes>("GET", "/demo/codes");
      this.demoCode = codes.find((one) => digits(one.phone) === digits(this.phone))?.code ?? "";
    } catch {
      // Not a demo: the code came to the phone.
    }
  }

  #useDemoCode(): void {
    this.renderRoot.querySelector<HTMLInputElement>("#code")!.value = this.demoCode;
    this.renderRoot.querySelector("form")!.requestSubmit();
  }

  #back(): void {
    this.step = "phone";
    this.error = null;
    this.demoCode = "";
  }
}
customElements.define("cf-sign-in", CfSignIn);
