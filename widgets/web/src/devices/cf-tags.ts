// A router's tags: taken off one by one, added by name. All of them are sent each time. Fires "cf-changed".
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { controls, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Api } from "../wire/api.ts";
import { deviceUrl } from "../wire/device.ts";
import { ApiError } from "../wire/failure.ts";
import "../elements/cf-failure.ts";

const LENGTH_LIMIT = 48;

export class CfTags extends Worded {
  static override properties = { api: { attribute: false }, device: {}, tags: { attribute: false }, fixed: { type: Boolean }, error: { state: true }, busy: { state: true } };
  declare api: Api;
  declare device: string;
  declare tags: readonly string[];
  /** Whoever looks may not change them. */
  declare fixed: boolean;
  declare private error: ApiError | null;
  declare private busy: boolean;

  constructor() {
    super();
    this.tags = [];
    this.error = null;
    this.busy = false;
  }

  static override styles = [
    look,
    controls,
    css`
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 0.4rem;
      }
      li {
        display: inline-flex;
        align-items: center;
        min-height: 2.25rem;
        padding-inline: 0.8rem;
        border-radius: 999px;
        background: var(--sunken);
        font-size: 0.9375rem;
        font-weight: 550;
        overflow-wrap: anywhere;
      }
      li .round {
        width: 2rem;
        height: 2rem;
        margin-inline: 0.15rem -0.6rem;
      }
      @media (pointer: coarse) {
        li { min-height: var(--target); }
        li .round { width: var(--target); height: var(--target); margin-inline-end: -0.8rem; }
        .input { min-height: var(--target); }
      }
      form {
        display: flex;
        gap: 0.5rem;
        margin-top: 0.7rem;
      }
      .input {
        min-width: 0;
        flex: 1;
        max-width: 18rem;
        min-height: 2.5rem;
        padding-block: 0.3em;
      }
    `,
  ];

  override render() {
    const errors = Object.values(this.error?.fields ?? {}).flatMap((one) => (Array.isArray(one) ? one : Object.values(one as object).flat())).map(String);
    return html`
      ${this.tags.length
        ? html`<ul>${this.tags.map(
            (tag) => html`<li>${tag}${this.fixed
              ? nothing
              : html`<button class="round" aria-label=${t("router-tag-remove", { tag })} @click=${() => void this.#put(this.tags.filter((one) => one !== tag))}>${icon("cross", 16)}</button>`}</li>`,
          )}</ul>`
        : html`<p class="soft">${t("router-no-tags")}</p>`}
      ${this.fixed
        ? nothing
        : html`<form @submit=${this.#add}>
            <input class="input" aria-label=${t("router-tag-new")} placeholder=${t("router-tag-new")} maxlength=${LENGTH_LIMIT} autocomplete="off"
              aria-invalid=${errors.length ? "true" : nothing} aria-describedby=${errors.length ? "wrong" : nothing} />
            <button class="button slim" aria-disabled=${this.busy ? "true" : "false"}>${t("router-tag-add")}</button>
          </form>`}
      ${errors.length ? html`<p class="wrong" id="wrong" role="alert">${errors.join(" ")}</p>` : this.error ? html`<cf-failure .error=${this.error}></cf-failure>` : nothing}
    `;
  }

  #add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const input = this.renderRoot.querySelector("input")!;
    const tag = input.value.trim();
    if (!tag || this.tags.includes(tag)) return;
    if (await this.#put([...this.tags, tag])) input.value = "";
  };

  async #put(tags: readonly string[]): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = null;
    try {
      await this.api.put(deviceUrl(this.device, "tags"), { tags });
      this.tags = tags;
      this.dispatchEvent(new CustomEvent("cf-changed", { bubbles: true, composed: true }));
    } catch (error) {
      this.error = ApiError.from(error);
    } finally {
      this.busy = false;
    }
    return this.error === null;
  }
}
customElements.define("cf-tags", CfTags);
