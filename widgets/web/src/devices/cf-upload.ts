// Upload a firmware image with its version and the models it is for. The file goes as it is, with progress;
// what is wrong is told beside its field. Fires "cf-changed" once it is stored.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { size } from "../moments.ts";
import { amount, card, controls, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Api } from "../wire/api.ts";
import type { StoredFile } from "../wire/device.ts";
import { ApiError } from "../wire/failure.ts";
import { upload } from "../wire/files.ts";
import "../elements/cf-failure.ts";

const NAME_LIMIT = 120;

export class CfUpload extends Worded {
  static override properties = {
    api: { attribute: false },
    file: { state: true },
    gone: { state: true },
    errors: { state: true },
    error: { state: true },
    stored: { state: true },
  };
  declare api: Api;
  declare private file: File | null;
  /** How much has gone, from 0 to 1; null when nothing is on its way. */
  declare private gone: number | null;
  declare private errors: Record<string, string>;
  declare private error: ApiError | null;
  declare private stored: StoredFile | null;

  constructor() {
    super();
    this.file = null;
    this.gone = null;
    this.errors = {};
    this.error = null;
    this.stored = null;
  }

  static override styles = [
    look,
    controls,
    card,
    amount,
    css`
      h3 {
        font-size: 1.0625rem;
        margin-bottom: 0.8rem;
      }
      form {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr));
        gap: 0.9rem 1rem;
        align-items: start;
      }
      input[type="file"] {
        padding-block: 0.5rem;
      }
      input[type="file"]::file-selector-button {
        margin-inline-end: 0.8rem;
        padding: 0.3rem 0.8rem;
        border: 1.5px solid var(--line);
        border-radius: 999px;
        background: var(--surface);
        color: var(--accent);
        font: 600 0.9375rem var(--font);
      }
      .end {
        grid-column: 1 / -1;
      }
      .done {
        display: flex;
        gap: 0.5rem;
        margin-top: 0.7rem;
        color: var(--good);
        font-weight: 570;
      }
      progress {
        margin: 0.6rem 0 0.3rem;
      }
    `,
  ];

  override render() {
    return html`<section class="card" aria-labelledby="upload">
      <h3 id="upload">${t("router-upload")}</h3>
      <form novalidate @submit=${this.#send}>
        <div>
          <label for="file">${t("router-upload-file")}</label>
          <input class="input" id="file" type="file" aria-invalid=${this.errors["file"] ? "true" : nothing} aria-describedby="wrong-file" @change=${this.#chosen} />
          ${this.#wrong("file")}
        </div>
        ${this.#field("version", t("router-upload-version"), "", 64)} ${this.#field("models", t("router-upload-models"), t("router-upload-models-hint"), 2000)}
        <div class="end">
          <button class="button primary" aria-disabled=${this.gone === null ? "false" : "true"}>${t("router-upload-go")}</button>
          ${this.gone === null || !this.file
            ? nothing
            : html`<progress max="1" value=${this.gone} aria-label=${t("router-upload")}></progress>
                <p class="small figures">${t("router-progress-of", { phase: t("router-uploading"), done: size(this.file.size * this.gone), total: size(this.file.size) })}</p>`}
          <p class="done" role="status">${this.stored ? html`${icon("check", 20)}${t("router-uploaded", { name: this.stored.name })}` : nothing}</p>
          ${this.error ? html`<cf-failure .error=${this.error}></cf-failure>` : nothing}
        </div>
      </form>
    </section>`;
  }

  #field(id: string, label: string, hint: string, limit: number) {
    return html`<div>
      <label for=${id}>${label}</label>
      <input class="input" id=${id} maxlength=${limit} autocomplete="off" spellcheck="false" aria-invalid=${this.errors[id] ? "true" : nothing} aria-describedby="wrong-${id} hint-${id}" />
      ${hint ? html`<p class="hint" id="hint-${id}">${hint}</p>` : nothing} ${this.#wrong(id)}
    </div>`;
  }

  #wrong(id: string) {
    return this.errors[id] ? html`<p class="wrong" id="wrong-${id}">${this.errors[id]}</p>` : nothing;
  }

  #chosen = (event: Event): void => {
    this.file = (event.target as HTMLInputElement).files?.[0] ?? null;
    this.stored = null;
  };

  #send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.gone !== null) return;
    const value = (id: string) => this.renderRoot.querySelector<HTMLInputElement>(`#${id}`)!.value.trim();
    const { file } = this;
    this.error = null;
    this.errors = { ...(file ? {} : { file: t("router-upload-no-file") }), ...(value("version") ? {} : { version: t("router-upload-no-version") }), ...(value("models") ? {} : { models: t("router-upload-no-models") }) };
    if (!file || Object.keys(this.errors).length) return;
    this.gone = 0;
    try {
      const about = { kind: "firmware", name: file.name.slice(0, NAME_LIMIT), version: value("version"), models: value("models") };
      this.stored = await upload(this.api, about, file, (sent) => (this.gone = sent));
      this.file = null;
      this.renderRoot.querySelector("form")!.reset();
      this.dispatchEvent(new CustomEvent("cf-changed"));
    } catch (error) {
      const failure = ApiError.from(error);
      this.errors = Object.fromEntries(Object.entries(failure.fields).map(([name, said]) => [name === "name" ? "file" : name, [said].flat().join(" ")]));
      if (!Object.keys(this.errors).length) this.error = failure;
    } finally {
      this.gone = null;
    }
  };
}
customElements.define("cf-upload", CfUpload);
