// Taking a change back: asked once more before it happens, since it writes to the router again. Fires
// "cf-agreed" when one agrees. The words on the button are the server's.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { controls, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Action } from "../wire/types.ts";
import { cost } from "./cf-offer.ts";

export class CfUndo extends Worded {
  static override properties = { action: { attribute: false }, chosen: { type: Boolean }, off: { type: Boolean }, asking: { state: true } };
  declare action: Action;
  /** On its way to the server. */
  declare chosen: boolean;
  declare off: boolean;
  declare private asking: boolean;

  constructor() {
    super();
    this.chosen = false;
    this.off = false;
    this.asking = false;
  }

  static override styles = [
    look,
    controls,
    css`
      .button {
        width: 100%;
        min-height: 3.25rem;
      }
      .ask {
        padding: 0.9rem 1rem 1rem;
        border-radius: var(--radius-small);
        background: var(--accent-wash);
      }
      .ask b {
        font-weight: 620;
      }
      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(9rem, 100%), 1fr));
        gap: 0.5rem;
        margin-top: 0.75rem;
      }
    `,
  ];

  /** A number key presses it as any other answer. */
  override click(): void {
    if (!this.off) this.#turn(true);
  }

  override render() {
    if (!this.asking) {
      return html`<button class="button" type="button" aria-disabled=${this.off ? "true" : "false"} @click=${() => !this.off && this.#turn(true)}>
        ${icon("again", 20)}${this.action.label}</button>`;
    }
    const price = cost({ ...this.action, writes: false }); // it is being asked just now
    return html`<div class="ask" role="group" aria-labelledby="ask">
      <b id="ask">${t("undo-ask")}</b>
      <p>${t("undo-lead")}</p>
      ${price ? html`<p class="small soft">${price}</p>` : nothing}
      <div class="pair">
        <button class="button primary" type="button" aria-disabled=${this.chosen ? "true" : "false"} @click=${this.#agree}>${t("undo-yes")}</button>
        <button class="button" type="button" @click=${() => this.#turn(false)}>${t("undo-no")}</button>
      </div>
    </div>`;
  }

  #turn(asking: boolean): void {
    this.asking = asking;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("button")?.focus());
  }

  #agree = (): void => {
    if (!this.chosen) this.dispatchEvent(new CustomEvent("cf-agreed"));
  };
}
customElements.define("cf-undo", CfUndo);

/** The engine's own name for taking back what a visit changed. */
export function isUndo(action: { id: string }): boolean {
  return action.id.startsWith("undo:");
}
