// One follow-up that is offered, with the reason it is.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { span } from "../moments.ts";
import { look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Action } from "../wire/types.ts";

const WORTH_TELLING_S = 5;

/** "About 20 seconds · asks you first · internet pauses for 5 seconds". */
export function cost(action: Action): string {
  const parts: string[] = [];
  // A step that changes nothing and takes a moment promises no time: what follows it may take longer.
  if (action.seconds && (action.writes || action.disrupts_s || action.seconds >= WORTH_TELLING_S)) parts.push(t("offer-takes", { span: span(action.seconds) }));
  if (action.writes) parts.push(t("offer-writes"));
  if (action.disrupts_s) parts.push(t("offer-drops", { span: span(action.disrupts_s) }));
  return parts.join(" · ");
}

export class CfOffer extends Worded {
  static override properties = { action: { attribute: false }, known: {} };
  declare action: Action;
  /** What was said just before; a reason that only repeats it is left out. */
  declare known: string;

  static override styles = [
    look,
    css`
      :host {
        display: flex;
        gap: 0.75rem;
        padding: 0.55rem 0;
      }
      .icon {
        margin-top: 0.15rem;
        color: var(--accent);
      }
      b {
        display: block;
        font-weight: 620;
      }
      .cost {
        font-size: 0.875rem;
        color: var(--soft);
      }
    `,
  ];

  override render() {
    const { action } = this;
    const price = cost(action);
    const reason = action.reason?.replace(/[.!]$/, "") ?? "";
    return html`
      ${icon(action.writes ? "wrench" : "next", 20)}
      <div>
        <b>${action.label}</b>
        ${reason && !this.known?.toLowerCase().includes(reason.toLowerCase()) ? html`<p>${action.reason}</p>` : nothing}
        ${price ? html`<p class="cost">${price}</p>` : nothing}
      </div>
    `;
  }
}
customElements.define("cf-offer", CfOffer);
