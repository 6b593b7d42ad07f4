// A turn of events in the conversation: a person is coming, a person is here, it is over.
import { css, html, nothing } from "lit";
import { icon, type IconName } from "../icons.ts";
import { look } from "../style.ts";
import { Worded } from "../texts.ts";

export class CfNotice extends Worded {
  static override properties = { heading: {}, text: {}, glyph: {}, tone: { reflect: true }, line: { type: Boolean, reflect: true } };
  declare heading: string;
  declare text: string;
  declare glyph: IconName;
  declare tone: "calm" | "good" | "warn" | "bad";
  /** One quiet line between others, for what was said already. */
  declare line: boolean;

  static override styles = [
    look,
    css`
      :host {
        display: flex;
        gap: 0.85rem;
        padding: 1rem 1.1rem;
        border-radius: var(--radius);
        background: var(--accent-wash);
      }
      :host([tone="good"]) { background: var(--good-wash); }
      :host([tone="warn"]) { background: var(--warn-wash); }
      :host([tone="bad"]) { background: var(--bad-wash); }
      .icon { color: var(--accent); margin-top: 0.1rem; }
      :host([tone="good"]) .icon { color: var(--good); }
      :host([tone="warn"]) .icon { color: var(--warn); }
      :host([tone="bad"]) .icon { color: var(--bad); }
      h2 { font-size: 1.0625rem; line-height: 1.4; }
      p { white-space: pre-line; }
      :host([line]) {
        justify-content: center;
        gap: 0.5rem;
        padding: 0.35rem 1rem;
        background: none;
      }
      :host([line]) .icon { width: 1.25rem; height: 1.25rem; }
      :host([line]) h2 { font-size: 0.9375rem; font-weight: 600; color: var(--soft); }
    `,
  ];

  override render() {
    return html`${icon(this.glyph ?? "info", 24)}
      <div>
        ${this.heading ? html`<h2>${this.heading}</h2>` : nothing}
        ${this.text && this.text !== this.heading ? html`<p>${this.text}</p>` : nothing}
        <slot></slot>
      </div>`;
  }
}
customElements.define("cf-notice", CfNotice);
