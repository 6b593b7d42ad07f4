// One line that a person types. The value is told by a "change" event, as it is typed.
import { html, nothing } from "lit";
import { controls, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Widget } from "../wire/types.ts";

export class CfText extends Worded {
  static override properties = { widget: { attribute: false }, value: {}, errors: { attribute: false } };
  declare widget: Widget;
  declare value: string;
  declare errors: readonly string[];

  constructor() {
    super();
    this.value = "";
    this.errors = [];
  }

  static override styles = [look, controls];

  override render() {
    const { widget } = this;
    const wrong = this.errors.length > 0;
    return html`
      <label for="field">${widget.label}${widget.required === false ? html` <span class="soft">${t("field-optional")}</span>` : nothing}</label>
      <input class="input" id="field" .value=${this.value} maxlength=${widget.limit_characters ?? 500}
        ?required=${widget.required !== false} aria-invalid=${wrong ? "true" : nothing}
        aria-describedby=${wrong ? "wrong" : nothing} @input=${this.#typed} />
      ${wrong ? html`<p class="wrong" id="wrong">${this.errors.join(" ")}</p>` : nothing}
    `;
  }

  #typed(event: Event): void {
    this.value = (event.target as HTMLInputElement).value;
    this.dispatchEvent(new Event("change"));
  }
}
customElements.define("cf-text", CfText);
