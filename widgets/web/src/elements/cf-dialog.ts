// A question in a window of its own: a heading, what is in the slot, the deed and the way out. Opened by
// show(); the deed fires "cf-go" and leaves the window open until close(), so that a refusal can be shown in it.
import { css, html, nothing } from "lit";
import { controls, look } from "../style.ts";
import { t, Worded } from "../texts.ts";

export class CfDialog extends Worded {
  static override properties = { heading: {}, go: {}, danger: { type: Boolean }, busy: { type: Boolean }, off: { type: Boolean } };
  declare heading: string;
  /** The words of the deed; "" for a window that only shows. */
  declare go: string;
  declare danger: boolean;
  declare busy: boolean;
  /** The deed cannot be done yet. */
  declare off: boolean;

  static override styles = [
    look,
    controls,
    css`
      dialog {
        width: min(34rem, calc(100vw - 1.5rem));
        max-height: calc(100dvh - 2rem);
        padding: 1.5rem;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
        color: var(--ink);
        box-shadow: var(--shadow);
        overflow: auto;
      }
      dialog::backdrop {
        background: oklch(0.2 0.03 220 / 0.5);
      }
      h2 {
        font-size: 1.25rem;
        margin-bottom: 0.6rem;
      }
      .ends {
        display: flex;
        justify-content: flex-end;
        flex-wrap: wrap;
        gap: 0.5rem;
        margin-top: 1.25rem;
      }
      .danger {
        background: var(--bad);
        border-color: transparent;
        color: var(--surface);
      }
      @media (hover: hover) {
        .danger:hover {
          background: color-mix(in oklab, var(--bad) 88%, var(--ink));
        }
      }
    `,
  ];

  override render() {
    return html`<dialog aria-labelledby="heading" @close=${() => this.dispatchEvent(new CustomEvent("cf-closed"))}>
      <h2 id="heading">${this.heading}</h2>
      <form @submit=${this.#submit} novalidate>
        <slot></slot>
        <div class="ends">
          <button class="button" type="button" @click=${() => this.close()}>${t(this.go ? "dialog-cancel" : "dialog-close")}</button>
          ${this.go
            ? html`<button class="button ${this.danger ? "danger" : "primary"}" aria-disabled=${this.busy || this.off ? "true" : "false"}>${this.go}</button>`
            : nothing}
        </div>
      </form>
    </dialog>`;
  }

  async show(): Promise<void> {
    await this.updateComplete;
    this.#dialog?.showModal();
  }

  close(): void {
    this.#dialog?.close();
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  /** Enter in a field that stands in the slot is not the form's own. */
  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("keydown", this.#enter);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener("keydown", this.#enter);
  }

  #enter = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.isComposing || !(event.composedPath()[0] instanceof HTMLInputElement)) return;
    event.preventDefault();
    this.#go();
  };

  #submit = (event: Event): void => {
    event.preventDefault();
    this.#go();
  };

  #go(): void {
    if (!this.busy && !this.off && this.go) this.dispatchEvent(new CustomEvent("cf-go"));
  }
}
customElements.define("cf-dialog", CfDialog);
