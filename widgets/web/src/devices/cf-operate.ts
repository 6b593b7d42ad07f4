// Before a workflow runs on a router: what it needs to know, what it changes, how long the home is cut off;
// then one press starts it. One that needs to know nothing starts at once: a run asks before it writes.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { span } from "../moments.ts";
import { controls, look } from "../style.ts";
import { language, t, Worded } from "../texts.ts";
import type { Api } from "../wire/api.ts";
import { deviceUrl, type DeviceDetail, type Operation, type OperationInput, type Rows, type StoredFile } from "../wire/device.ts";
import { ApiError } from "../wire/failure.ts";
import { newMessageId } from "../wire/outbox.ts";
import "../elements/cf-dialog.ts";
import type { CfDialog } from "../elements/cf-dialog.ts";
import "../elements/cf-failure.ts";
import "./cf-input.ts";
import { fits, type Wanted } from "./fitting.ts";

const FILES_LIMIT = 50;
const VERSION = "version";

export class CfOperate extends Worded {
  static override properties = {
    api: { attribute: false },
    detail: { attribute: false },
    operation: { state: true },
    values: { state: true },
    files: { state: true },
    error: { state: true },
    busy: { state: true },
  };
  declare api: Api;
  declare detail: DeviceDetail;
  declare private operation: Operation | null;
  declare private values: Record<string, unknown>;
  declare private files: readonly StoredFile[];
  declare private error: ApiError | null;
  declare private busy: boolean;
  /** One id for a press and all its repetitions. */
  #id = "";

  constructor() {
    super();
    this.operation = null;
    this.values = {};
    this.files = [];
    this.error = null;
    this.busy = false;
  }

  static override styles = [
    look,
    controls,
    css`
      .fields {
        display: grid;
        gap: 1rem;
        margin: 1rem 0 0;
      }
      .effect {
        margin-top: 1rem;
        padding: 0.7rem 1rem;
        border-radius: var(--radius-small);
        background: var(--accent-wash);
      }
      .effect.drops {
        background: var(--warn-wash);
      }
      .effect li {
        display: flex;
        align-items: center;
        gap: 0.65rem;
        padding: 0.2rem 0;
        font-size: 0.9375rem;
      }
      .effect .icon {
        color: var(--accent);
      }
      .drops .icon {
        color: var(--warn);
      }
      cf-failure {
        margin-top: 0.9rem;
      }
    `,
  ];

  /** Ask what is needed, or start at once. */
  async open(wanted: Wanted): Promise<void> {
    const { operation } = wanted;
    this.operation = operation;
    this.error = null;
    this.#id = newMessageId();
    const given = operation.inputs.map((input) => [input.name, wanted.inputs[input.name] ?? input.default ?? (input.type === "boolean" ? false : "")]);
    this.values = Object.fromEntries(given) as Record<string, unknown>;
    if (!operation.inputs.length) {
      await this.#start();
      if (this.error) await this.#dialog?.show();
      return;
    }
    await this.updateComplete;
    await this.#dialog?.show();
    await this.#loadFiles(operation);
  }

  async #loadFiles(operation: Operation): Promise<void> {
    const wanted = operation.inputs.filter((input) => input.type === "file");
    if (!wanted.length) return;
    try {
      const lists = await Promise.all([
        wanted.some((input) => input.accept !== "configuration") ? this.api.get<Rows<StoredFile>>(`staff/files?kind=firmware&limit=${FILES_LIMIT}`) : { items: [] },
        this.api.get<Rows<StoredFile>>(deviceUrl(this.detail.id, "files", { limit: String(FILES_LIMIT) })),
      ]);
      const all = new Map(lists.flatMap((list) => list.items).map((file) => [file.id, file]));
      this.files = [...all.values()];
      for (const input of wanted) this.#version(input.name);
    } catch (error) {
      this.error = ApiError.from(error);
    }
  }

  override render() {
    const { operation } = this;
    return html`<cf-dialog .heading=${operation?.title ?? ""} .go=${t("router-run-start")} ?busy=${this.busy}
      @cf-go=${() => void this.#start()}>${operation ? this.#inside(operation) : nothing}</cf-dialog>`;
  }

  #inside(operation: Operation) {
    return html`
      ${operation.text && operation.text !== operation.title ? html`<p class="soft">${operation.text}</p>` : nothing}
      ${operation.inputs.length ? html`<div class="fields">${operation.inputs.map((input) => this.#field(input))}</div>` : nothing}
      ${operation.writes || operation.disrupts_s
        ? html`<ul class="effect ${operation.disrupts_s ? "drops" : ""}">
            ${operation.writes ? html`<li>${icon("wrench", 20)}<span>${t("router-run-writes")}</span></li>` : nothing}
            <li>${icon("wifi", 20)}<span>${operation.disrupts_s ? t("router-run-drops", { span: span(operation.disrupts_s) }) : t("router-run-stays-on")}</span></li>
            ${operation.writes ? html`<li>${icon("shield", 20)}<span>${t("consent-checked")}</span></li>` : nothing}
          </ul>`
        : nothing}
      ${this.error && !this.#wrong(operation).length ? html`<cf-failure .error=${this.error}></cf-failure>` : nothing}
    `;
  }

  #field(input: OperationInput) {
    return html`<cf-input .api=${this.api} .device=${this.detail.id} .input=${input} .value=${this.values[input.name]} .errors=${this.#errors(input.name)}
      .files=${this.#fitting(input)} @change=${(event: Event) => this.#fill(input.name, (event.target as HTMLElement & { value: unknown }).value)}></cf-input>`;
  }

  #fill(name: string, value: unknown): void {
    this.values = { ...this.values, [name]: value };
    this.#version(name);
  }

  /** An image knows its version; nobody needs to copy it. */
  #version(name: string): void {
    const { operation } = this;
    if (!operation?.inputs.some((input) => input.name === VERSION) || !operation.inputs.some((input) => input.name === name && input.type === "file")) return;
    const version = this.files.find((file) => file.id === this.values[name])?.version;
    if (version) this.values = { ...this.values, [VERSION]: version };
  }

  /** Files of the kind that is asked for; of firmware only what is for this model. */
  #fitting(input: OperationInput): readonly StoredFile[] {
    const kinds = input.accept ? input.accept.split(/[\s,]+/) : [];
    return this.files.filter((file) => (!kinds.length || kinds.includes(file.kind)) && (file.kind !== "firmware" || fits(file, this.detail)));
  }

  #errors(name: string): readonly string[] {
    const { fields } = this.error ?? { fields: {} as Record<string, unknown> };
    const inputs = (fields as Record<string, unknown>)["inputs"];
    const nested = inputs && !Array.isArray(inputs) && typeof inputs === "object" ? (inputs as Record<string, string[]>)[name] : undefined;
    return [fields[name], fields[`inputs.${name}`], nested].flatMap((one) => (Array.isArray(one) ? one.map(String) : []));
  }

  #wrong(operation: Operation): readonly string[] {
    return operation.inputs.flatMap((input) => this.#errors(input.name));
  }

  async #start(): Promise<void> {
    const { operation } = this;
    if (!operation || this.busy) return;
    this.busy = true;
    this.error = null;
    const empty = (value: unknown) => value === "" || value === null || value === undefined;
    const inputs = Object.fromEntries(Object.entries(this.values).filter(([, value]) => !empty(value)));
    try {
      const body = { workflow: operation.workflow, inputs, locale: language(), client_message_id: this.#id };
      const made = await this.api.post<{ id: string }>(deviceUrl(this.detail.id, "runs"), body);
      this.#dialog?.close();
      this.dispatchEvent(new CustomEvent("cf-watch", { detail: made.id, bubbles: true, composed: true }));
    } catch (error) {
      this.error = ApiError.from(error);
      // What was refused was not begun; the next press is another one.
      if (!this.error.passing) this.#id = newMessageId();
    } finally {
      this.busy = false;
    }
  }

  get #dialog(): CfDialog | null {
    return this.renderRoot.querySelector("cf-dialog");
  }
}
customElements.define("cf-operate", CfOperate);
