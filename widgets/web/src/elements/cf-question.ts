// The question of the moment: its text, what it shows, and why each follow-up is offered. The
// answers themselves are in cf-answers. The new question takes the focus.
import { css, html, nothing } from "lit";
import { card, look } from "../style.ts";
import { Worded } from "../texts.ts";
import type { SessionEvent } from "../wire/types.ts";
import "./cf-offer.ts";
import { isUndo } from "./cf-undo.ts";
import { display } from "./widget.ts";

export class CfQuestion extends Worded {
  static override properties = { event: { attribute: false }, open: { type: Boolean, reflect: true }, elapsed: { type: Number }, passed: { type: Boolean }, known: {} };
  declare event: SessionEvent;
  declare open: boolean;
  declare elapsed: number;
  /** Nobody answered it: what was offered stays readable. */
  declare passed: boolean;
  /** What was said just before; a reason that only repeats it is left out. */
  declare known: string;

  static override styles = [
    look,
    card,
    css`
      .card {
        border-radius: 0.35rem var(--radius) var(--radius) var(--radius);
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0.85rem;
      }
      .text {
        white-space: pre-line;
      }
      :host([open]) .text {
        font-size: 1.125rem;
        line-height: 1.42;
        font-weight: 550;
      }
      .asked {
        font-weight: 620;
      }
      .offers {
        border-top: 1px solid var(--line);
        padding-top: 0.35rem;
      }
    `,
  ];

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>(".card")?.focus({ preventScroll: true });
  }

  /** What is asked, where the answers come as buttons; a form says it itself. */
  #asked(): string {
    const { text, input, actions } = this.event.body;
    const [field, ...others] = input?.fields ?? [];
    const buttons = actions?.some((action) => Object.keys(action.values ?? {}).length);
    const label = field && !others.length && buttons ? (field.label ?? "") : "";
    return text?.includes(label) ? "" : label;
  }

  override render() {
    const { text, widgets, actions } = this.event.body;
    const offered = (actions ?? []).filter((action) => !isUndo(action) && (action.reason || action.writes || action.disrupts_s));
    const reasons = this.open ? offered : [];
    const asked = this.#asked();
    const parts = [
      text ? html`<p class="text">${text}</p>` : nothing,
      ...(widgets ?? []).map((widget) => display(widget, text ?? "", this.elapsed)),
      asked ? html`<p class="asked">${asked}</p>` : nothing,
      reasons.length ? html`<div class="offers">${reasons.map((action) => html`<cf-offer .action=${action} .known=${this.known ?? ""}></cf-offer>`)}</div>` : nothing,
      !this.open && this.passed && offered.length ? html`<p class="soft">${offered.map((action) => action.label).join(" · ")}</p>` : nothing,
    ];
    return parts.every((part) => part === nothing) ? nothing : html`<div class="card" tabindex="-1">${parts}</div>`;
  }
}

customElements.define("cf-question", CfQuestion);
