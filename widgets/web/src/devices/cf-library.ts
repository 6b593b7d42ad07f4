// The files that are kept for all routers: firmware images above all, to be uploaded with the version and the
// models they are for.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { card, controls, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Api } from "../wire/api.ts";
import type { Rows, StoredFile } from "../wire/device.ts";
import { ApiError } from "../wire/failure.ts";
import type { Live } from "../wire/socket.ts";
import "../elements/cf-failure.ts";
import "./cf-file-list.ts";
import "./cf-upload.ts";
import { part } from "./part.ts";

const KINDS = ["firmware", "configuration", "log", "other"] as const;

export class CfLibrary extends Worded {
  static override properties = { api: { attribute: false }, live: { attribute: false }, page: { state: true }, kind: { state: true }, error: { state: true } };
  declare api: Api;
  declare live: Live;
  declare private page: Rows<StoredFile> | null;
  declare private kind: string;
  declare private error: ApiError | null;

  constructor() {
    super();
    this.page = null;
    this.kind = "firmware";
    this.error = null;
  }

  static override styles = [
    look,
    controls,
    card,
    part,
    css`
      :host {
        padding: 1rem 1.25rem 3rem;
      }
      .back {
        margin: 0 0 0.5rem -0.6rem;
      }
      h2 {
        font-size: 1.75rem;
        letter-spacing: -0.025em;
      }
      cf-upload {
        margin-bottom: 1.5rem;
      }
      .kind {
        width: auto;
        min-width: 12rem;
      }
      @media (max-width: 40rem) {
        :host { padding-inline: 1rem; }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render() {
    const { page } = this;
    return html`
      <a class="button quiet slim back" href="#">${icon("back", 18)}${t("router-back")}</a>
      <div class="head"><h2>${t("router-library")}</h2></div>
      <cf-upload .api=${this.api} @cf-changed=${() => void this.#load()}></cf-upload>
      <div class="head">
        <div>
          <label for="kind">${t("router-file-kind")}</label>
          <select class="input kind" id="kind" @change=${this.#see}>
            ${KINDS.map((kind) => html`<option value=${kind} ?selected=${kind === this.kind}>${t(`router-file-${kind}`)}</option>`)}
          </select>
        </div>
      </div>
      <cf-failure .error=${this.error} .retry=${() => void this.#load()}></cf-failure>
      ${page
        ? html`<cf-file-list .api=${this.api} .files=${page.items} .empty=${t("router-library-none")} @cf-changed=${() => void this.#load()}></cf-file-list>`
        : this.error ? nothing : html`<p class="empty" role="status">${t("loading")}</p>`}
      ${page?.next ? html`<button class="button wide more" @click=${() => void this.#load(page.next)}>${t("list-more")}</button>` : nothing}
    `;
  }

  #see = (event: Event): void => {
    this.kind = (event.target as HTMLSelectElement).value;
    this.page = null;
    void this.#load();
  };

  async #load(after: string | null = null): Promise<void> {
    const { kind } = this;
    const query = new URLSearchParams({ kind, ...(after ? { after } : {}) });
    try {
      const page = await this.api.get<Rows<StoredFile>>(`staff/files?${query}`);
      if (kind !== this.kind) return;
      this.page = after ? { ...page, items: [...(this.page?.items ?? []), ...page.items] } : page;
      this.error = null;
    } catch (error) {
      this.error = ApiError.from(error);
    }
  }
}
customElements.define("cf-library", CfLibrary);
