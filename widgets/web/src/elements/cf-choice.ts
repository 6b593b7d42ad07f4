// One answer out of a list, as large radio buttons. The value is told by a "change" event.
import { css, html, nothing } from "lit";
import { controls, look } from "../style.ts";
import { Worded } from "../texts.ts";
import type { Widget } from "../wire/types.ts";

export class CfChoice extends Worded {
  static override properties = { widget: { attribute: false }, value: {}, errors: { attribute: false } };
  declare widget: Widget;
  declare value: string;
  declare errors: readonly string[];

  constructor() {
    super();
    this.value = "";
    this.errors = [];
  }

  static override styles = [
    look,
    controls,
    css`
      fieldset {
        border: 0;
        margin: 0;
        padding: 0;
        min-width: 0;
      }
      legend {
        padding: 0 0 0.5rem;
        font-weight: 620;
      }
      .options {
        display: grid;
        gap: 0.5rem;
      }
      label {
        display: flex;
        align-items: center;
        gap: 0.75rem;
        min-height: var(--target);
        margin: 0;
        padding: 0.5rem 1rem;
        border: 1.5px solid var(--line);
        border-radius: var(--radius-small);
        background: var(--surface);
        font-size: 1rem;
        font-weight: 500;
        cursor: pointer;
      }
      label:has(:checked) {
        border-color: var(--accent);
        background: var(--accent-wash);
        font-weight: 620;
      }
      label:focus-within {
        outline: 3px solid var(--accent);
        outline-offset: 2px;
      }
      input {
        width: 1.25rem;
        height: 1.25rem;
        margin: 0;
        accent-color: var(--accent);
        outline: none;
      }
    `,
  ];

  override render() {
    const wrong = this.errors.length > 0;
    return html`<fieldset aria-describedby=${wrong ? "wrong" : nothing}>
      <legend>${this.widget.label}</legend>
      <div class="options">
        ${(this.widget.options ?? []).map(
          (option) => html`<label>
            <input type="radio" name="choice" .value=${option.value} .checked=${this.value === option.value}
              aria-invalid=${wrong ? "true" : nothing} @change=${() => this.#choose(option.value)} />
            ${option.label}
          </label>`,
        )}
      </div>
      ${wrong ? html`<p class="wrong" id="wrong">${this.errors.join(" ")}</p>` : nothing}
    </fieldset>`;
  }

  #choose(value: string): void {
    this.value = value;
    this.dispatchEvent(new Event("change"));
  }
}
customElements.define("cf-choice", CfChoice);
