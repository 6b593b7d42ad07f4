// One thing to fill in before a workflow runs, by its type. The value is told by a "change" event: text, a
// number, a boolean, the id of a file, or the path of a parameter, which is found as one types.
import { html, nothing } from "lit";
import { day } from "../moments.ts";
import { controls, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Api } from "../wire/api.ts";
import { deviceUrl, type OperationInput, type ParameterItem, type Rows, type StoredFile } from "../wire/device.ts";

const PAUSE_MS = 250;
const PATHS_LIMIT = "20";
const TEXT_LIMIT = 2000;

export class CfInput extends Worded {
  static override properties = {
    api: { attribute: false },
    device: {},
    input: { attribute: false },
    value: { attribute: false },
    errors: { attribute: false },
    files: { attribute: false },
    paths: { state: true },
  };
  declare api: Api;
  declare device: string;
  declare input: OperationInput;
  declare value: unknown;
  declare errors: readonly string[];
  declare files: readonly StoredFile[];
  declare private paths: readonly string[];
  #timer = 0;

  constructor() {
    super();
    this.errors = [];
    this.files = [];
    this.paths = [];
  }

  static override styles = [look, controls];

  override render() {
    const { input } = this;
    const wrong = this.errors.length > 0;
    return html`
      ${input.type === "boolean"
        ? html`<label class="tick"><input type="checkbox" .checked=${this.value === true} aria-describedby=${wrong ? "wrong" : nothing} @change=${this.#ticked} /> ${input.label}</label>`
        : html`<label for="field">${input.label}${input.required ? nothing : html` <span class="soft">${t("field-optional")}</span>`}</label>${this.#control(wrong)}`}
      ${wrong ? html`<p class="wrong" id="wrong">${this.errors.join(" ")}</p>` : nothing}
    `;
  }

  #control(wrong: boolean) {
    const { input } = this;
    if (input.options.length) return this.#select(input.options, wrong);
    if (input.type === "file") return this.#files(wrong);
    const number = input.type === "int";
    return html`<input class="input" id="field" type=${number ? "number" : "text"} maxlength=${number ? nothing : TEXT_LIMIT}
        min=${number ? (input.min ?? nothing) : nothing} max=${number ? (input.max ?? nothing) : nothing}
        list=${input.type === "path" ? "paths" : nothing} autocomplete="off" spellcheck=${input.type === "string" ? "true" : "false"}
        ?required=${input.required} .value=${String(this.value ?? "")} aria-invalid=${wrong ? "true" : nothing}
        aria-describedby=${wrong ? "wrong" : nothing} @input=${this.#typed} />
      ${input.type === "path" ? html`<datalist id="paths">${this.paths.map((path) => html`<option value=${path}></option>`)}</datalist>` : nothing}`;
  }

  #files(wrong: boolean) {
    if (!this.files.length) return html`<p class="hint" id="field">${t("router-no-fitting-file")}</p>`;
    const options = this.files.map((file) => ({
      value: file.id,
      label: [file.version ? `${file.name} ${file.version}` : file.name, day(file.created_at)].join(" · "),
    }));
    return this.#select(options, wrong);
  }

  #select(options: readonly { value: string; label: string }[], wrong: boolean) {
    return html`<select class="input" id="field" aria-invalid=${wrong ? "true" : nothing} aria-describedby=${wrong ? "wrong" : nothing}
      @change=${(event: Event) => this.#tell((event.target as HTMLSelectElement).value)}>
      ${options.some((one) => one.value === this.value) ? nothing : html`<option value="" selected>${t("router-choose")}</option>`}
      ${options.map((one) => html`<option value=${one.value} ?selected=${one.value === this.value}>${one.label}</option>`)}
    </select>`;
  }

  #typed = (event: Event): void => {
    const text = (event.target as HTMLInputElement).value;
    if (this.input.type === "path") this.#suggest(text);
    const number = this.input.type === "int" && text.trim() !== "" ? Number(text) : null;
    this.#tell(number !== null && Number.isFinite(number) ? number : text);
  };

  #ticked = (event: Event): void => this.#tell((event.target as HTMLInputElement).checked);

  #tell(value: unknown): void {
    this.value = value;
    this.dispatchEvent(new Event("change"));
  }

  #suggest(text: string): void {
    clearTimeout(this.#timer);
    if (text.length < 3) return;
    this.#timer = window.setTimeout(async () => {
      const query = { q: text.slice(0, 100), limit: PATHS_LIMIT };
      const found = await this.api.get<Rows<ParameterItem>>(deviceUrl(this.device, "parameters", query)).catch(() => null);
      if (found) this.paths = found.items.map((item) => item.path);
    }, PAUSE_MS);
  }
}
customElements.define("cf-input", CfInput);
