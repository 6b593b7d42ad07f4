// Signing in for staff: a login and a password.
import { css, html, nothing } from "lit";
import { card, controls, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Api } from "../wire/api.ts";
import { ApiError } from "../wire/failure.ts";
import "../elements/cf-failure.ts";

const DEFAULT_TENANT = "demo";

export class CfStaffSignIn extends Worded {
  static override properties = {
    api: { attribute: false },
    heading: {},
    lead: {},
    busy: { state: true },
    error: { state: true },
  };
  declare api: Api;
  declare heading: string;
  declare lead: string;
  declare private busy: boolean;
  declare private error: ApiError | null;
  readonly #asked = new URLSearchParams(location.search);

  constructor() {
    super();
    this.busy = false;
    this.error = null;
  }

  static override styles = [
    look,
    controls,
    card,
    css`
      :host {
        width: 100%;
        max-width: 27rem;
        margin: auto;
        padding: 2rem 1.1rem 4rem;
      }
      .card {
        padding: 2rem;
        box-shadow: var(--shadow);
      }
      h2 {
        font-size: 1.625rem;
        letter-spacing: -0.025em;
      }
      .lead {
        margin: 0.4rem 0 1.5rem;
        color: var(--soft);
      }
      form {
        display: grid;
        gap: 1rem;
      }
    `,
  ];

  override render() {
    const wrong = this.error?.status === 401 || this.error?.status === 422;
    return html`<div class="card">
      <h2>${this.heading}</h2>
      <p class="lead">${this.lead}</p>
      <form novalidate @submit=${this.#enter}>
        <div>
          <label for="login">${t("staff-login")}</label>
          <input class="input" id="login" name="login" autocomplete="username" autocapitalize="none" spellcheck="false"
            .value=${this.#asked.get("login") ?? ""} aria-invalid=${wrong ? "true" : nothing} aria-describedby=${wrong ? "wrong" : nothing} />
        </div>
        <div>
          <label for="password">${t("staff-password")}</label>
          <input class="input" id="password" name="password" type="password" autocomplete="current-password"
            aria-invalid=${wrong ? "true" : nothing} aria-describedby=${wrong ? "wrong" : nothing} />
        </div>
        ${wrong
          ? html`<p class="wrong" id="wrong" role="alert">${t("failure-wrong-login")}</p>`
          : html`<cf-failure .error=${this.error}></cf-failure>`}
        <button class="button primary wide" aria-disabled=${this.busy ? "true" : "false"}>${t("staff-sign-in")}</button>
      </form>
    </div>`;
  }

  #enter = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.busy) return;
    const value = (id: string) => this.renderRoot.querySelector<HTMLInputElement>(`#${id}`)!.value;
    this.busy = true;
    this.error = null;
    try {
      const tenant = this.#asked.get("tenant") || DEFAULT_TENANT;
      const body = { tenant, login: value("login").trim(), password: value("password"), surface: this.api.surface };
      this.api.signedIn(await this.api.open("POST", "auth/staff/token", body));
      this.dispatchEvent(new CustomEvent("cf-signed-in", { bubbles: true, composed: true }));
    } catch (error) {
      this.error = ApiError.from(error);
    } finally {
      this.busy = false;
    }
  };
}
customElements.define("cf-staff-sign-in", CfStaffSignIn);
