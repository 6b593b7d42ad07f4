// A router that was reset comes with the password it left the factory with, and is refused, since it has one of
// its own. Staff who may let routers in let it enrol anew. Fires "cf-changed".
import { css, html, nothing } from "lit";
import { controls, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Api } from "../wire/api.ts";
import { deviceUrl, type DeviceDetail } from "../wire/device.ts";
import { ApiError } from "../wire/failure.ts";
import "../elements/cf-dialog.ts";
import type { CfDialog } from "../elements/cf-dialog.ts";
import "../elements/cf-failure.ts";

export class CfReopen extends Worded {
  static override properties = { api: { attribute: false }, detail: { attribute: false }, error: { state: true }, busy: { state: true } };
  declare api: Api;
  declare detail: DeviceDetail;
  declare private error: ApiError | null;
  declare private busy: boolean;

  constructor() {
    super();
    this.error = null;
    this.busy = false;
  }

  static override styles = [
    look,
    controls,
    css`
      .button {
        margin-top: 0.7rem;
      }
      .field,
      cf-failure {
        margin-top: 0.8rem;
      }
    `,
  ];

  override render() {
    if (this.detail.may_enrol) return html`<p class="soft">${t("router-reopened")}</p>`;
    return html`
      <button class="button slim ${this.detail.knocked_at ? "primary" : ""}" @click=${() => void this.#dialog.show()}>${t("router-reopen")}</button>
      <cf-dialog .heading=${t("router-reopen")} .go=${t("router-reopen")} ?busy=${this.busy} @cf-go=${() => void this.#reopen()}>
        <p>${t("router-reopen-lead")}</p>
        <div class="field">
          <label for="why">${t("router-reopen-why")}</label>
          <input class="input" id="why" maxlength="500" autocomplete="off" />
        </div>
        ${this.error ? html`<cf-failure .error=${this.error}></cf-failure>` : nothing}
      </cf-dialog>
    `;
  }

  get #dialog(): CfDialog {
    return this.renderRoot.querySelector("cf-dialog")!;
  }

  async #reopen(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = null;
    try {
      const reason = this.renderRoot.querySelector<HTMLInputElement>("#why")!.value.trim();
      await this.api.post(deviceUrl(this.detail.id, "reopen"), { reason });
      this.#dialog.close();
      this.dispatchEvent(new CustomEvent("cf-changed", { bubbles: true, composed: true }));
    } catch (error) {
      this.error = ApiError.from(error);
    } finally {
      this.busy = false;
    }
  }
}
customElements.define("cf-reopen", CfReopen);
