// Where one writes to a person. Enter sends, Shift+Enter breaks the line. Fires "cf-write" with the text.
import { css, html } from "lit";
import { icon } from "../icons.ts";
import { controls, look } from "../style.ts";
import { t, Worded } from "../texts.ts";

export class CfWriter extends Worded {
  static override properties = { label: {}, note: { type: Boolean, reflect: true }, limit: { type: Number } };
  declare label: string;
  declare note: boolean;
  declare limit: number;

  constructor() {
    super();
    this.limit = 2000;
  }

  static override styles = [
    look,
    controls,
    css`
      form {
        display: flex;
        align-items: flex-end;
        gap: 0.5rem;
      }
      textarea.input {
        border-radius: 1.5rem;
        resize: none;
        line-height: 1.4;
        flex: 1;
        min-width: 0;
      }
      :host([note]) .input {
        background: var(--note);
      }
      .button {
        flex: none;
        width: var(--target);
        padding: 0;
      }
    `,
  ];

  override render() {
    return html`<form @submit=${this.#send}>
      <textarea class="input" rows="1" maxlength=${this.limit} aria-label=${this.label} placeholder=${this.label} @keydown=${this.#key}></textarea>
      <button class="button primary" aria-label=${t("write-send")}>${icon("send", 20)}</button>
    </form>`;
  }

  /** Whether something is written that was not sent. */
  get written(): boolean {
    return Boolean(this.renderRoot.querySelector("textarea")?.value.trim());
  }

  override focus(): void {
    this.renderRoot.querySelector("textarea")?.focus();
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    this.#send(event);
  }

  #send(event: Event): void {
    event.preventDefault();
    const area = this.renderRoot.querySelector("textarea")!;
    const text = area.value.trim();
    if (!text) return;
    area.value = "";
    area.focus();
    this.dispatchEvent(new CustomEvent("cf-write", { detail: text, bubbles: true, composed: true }));
  }
}
customElements.define("cf-writer", CfWriter);
