// Stored files as a list: what each is, how large, from whom; to download, to use on the router one looks at,
// or to delete, which is asked about first. Fires "cf-changed" and "cf-operate".
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { day, size } from "../moments.ts";
import { card, controls, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Api } from "../wire/api.ts";
import type { Operation, StoredFile } from "../wire/device.ts";
import { ApiError } from "../wire/failure.ts";
import { download } from "../wire/files.ts";
import "../elements/cf-dialog.ts";
import type { CfDialog } from "../elements/cf-dialog.ts";
import "../elements/cf-failure.ts";
import { taking } from "./fitting.ts";
import { may, mayTake } from "./may.ts";
import { part } from "./part.ts";

const HASH_SHOWN = 12;

export class CfFileList extends Worded {
  static override properties = {
    api: { attribute: false },
    files: { attribute: false },
    operations: { attribute: false },
    running: {},
    empty: {},
    going: { state: true },
    error: { state: true },
    busy: { state: true },
  };
  declare api: Api;
  declare files: readonly StoredFile[];
  /** What can be run on the router one looks at; none where one looks at no router. */
  declare operations: readonly Operation[];
  /** The firmware version that runs there. */
  declare running: string;
  declare empty: string;
  declare private going: StoredFile | null;
  declare private error: ApiError | null;
  declare private busy: string;

  constructor() {
    super();
    this.files = [];
    this.operations = [];
    this.running = "";
    this.going = null;
    this.error = null;
    this.busy = "";
  }

  static override styles = [
    look,
    controls,
    card,
    part,
    css`
      ul.card {
        padding: 0;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 1rem;
        padding: 0.85rem 1.2rem;
      }
      li + li {
        border-top: 1px solid var(--line);
      }
      .what {
        flex: 1 1 16rem;
        min-width: 0;
      }
      .what b {
        font-weight: 620;
        overflow-wrap: anywhere;
      }
      .deeds {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.4rem;
      }
    `,
  ];

  override render() {
    return html`
      ${this.error ? html`<cf-failure .error=${this.error}></cf-failure>` : nothing}
      ${this.files.length ? html`<ul class="card">${this.files.map((file) => html`<li>${this.#file(file)}</li>`)}</ul>` : html`<p class="card empty">${this.empty}</p>`}
      <cf-dialog danger .heading=${t("router-file-delete")} .go=${t("router-file-delete")} ?busy=${this.busy !== ""} @cf-go=${() => void this.#delete()}>
        <p>${t("router-file-delete-lead", { name: this.going?.name ?? "" })}</p>
      </cf-dialog>
    `;
  }

  #file(file: StoredFile) {
    const role = this.api.subject?.role;
    const wanted = taking(this.operations, file.kind, file.id);
    const runs = file.kind === "firmware" && file.version !== "" && file.version === this.running;
    return html`<div class="what">
        <b>${file.name}</b> ${file.version ? html`<span class="pill figures">${file.version}</span>` : nothing}
        ${runs ? html`<span class="pill good">${icon("check", 14)}${t("router-file-runs")}</span>` : nothing}
        <p class="small soft">${[t(`router-file-${file.kind}`), size(file.size_bytes), day(file.created_at), file.by].filter(Boolean).join(" · ")}</p>
        <p class="small soft">${file.models.length ? html`${t("router-file-models", { models: file.models.join(", ") })} · ` : nothing}SHA-256 <code title=${file.sha256}>${file.sha256.slice(0, HASH_SHOWN)}…</code></p>
      </div>
      <div class="deeds">
        ${wanted
          ? html`<button class="button slim" aria-disabled=${wanted.operation.available ? "false" : "true"} title=${wanted.operation.available ? nothing : wanted.operation.why}
              @click=${() => wanted.operation.available && this.dispatchEvent(new CustomEvent("cf-operate", { detail: wanted, bubbles: true, composed: true }))}>
              ${t(file.kind === "firmware" ? "router-install-here" : "router-restore-here")}</button>`
          : nothing}
        ${mayTake(role, file.kind)
          ? html`<button class="button slim" aria-disabled=${this.busy ? "true" : "false"} aria-label=${t("router-download-this", { name: file.name })} @click=${() => void this.#download(file)}>${t("router-download")}</button>`
          : nothing}
        ${may(role, "delete-file")
          ? html`<button class="round" aria-label=${t("router-file-delete-this", { name: file.name })} @click=${() => this.#ask(file)}>${icon("cross", 18)}</button>`
          : nothing}
      </div>`;
  }

  async #download(file: StoredFile): Promise<void> {
    if (this.busy) return;
    this.busy = file.id;
    this.error = null;
    try {
      await download(this.api, file);
    } catch (error) {
      this.error = ApiError.from(error);
    }
    this.busy = "";
  }

  #ask(file: StoredFile): void {
    this.going = file;
    void this.#dialog.show();
  }

  async #delete(): Promise<void> {
    if (!this.going || this.busy) return;
    this.busy = this.going.id;
    this.error = null;
    try {
      await this.api.delete(`staff/files/${encodeURIComponent(this.going.id)}`);
      this.dispatchEvent(new CustomEvent("cf-changed"));
    } catch (error) {
      this.error = ApiError.from(error);
    }
    this.busy = "";
    this.#dialog.close();
  }

  get #dialog(): CfDialog {
    return this.renderRoot.querySelector("cf-dialog")!;
  }
}
customElements.define("cf-file-list", CfFileList);
