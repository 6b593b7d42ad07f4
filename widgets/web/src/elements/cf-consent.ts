// What one agrees to before the router is changed: the effect, how long, what is felt meanwhile.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { span } from "../moments.ts";
import { look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Widget } from "../wire/types.ts";

export class CfConsent extends Worded {
  static override properties = { widget: { attribute: false }, quiet: { type: Boolean } };
  declare widget: Widget;
  /** The text stands above already, so it is not said twice. */
  declare quiet: boolean;

  static override styles = [
    look,
    css`
      :host {
        padding: 0.9rem 1rem;
        border-radius: var(--radius-small);
        background: var(--accent-wash);
      }
      p {
        margin-bottom: 0.5rem;
      }
      li {
        display: flex;
        align-items: center;
        gap: 0.65rem;
        padding: 0.2rem 0;
        font-size: 0.9375rem;
      }
      .icon {
        color: var(--accent);
      }
    `,
  ];

  override render() {
    const { text, seconds, disrupts_s } = this.widget;
    return html`
      ${text && !this.quiet ? html`<p>${text}</p>` : nothing}
      <ul>
        ${seconds ? html`<li>${icon("clock", 20)}<span>${t("consent-takes", { span: span(seconds) })}</span></li>` : nothing}
        <li>${icon("wifi", 20)}<span>${disrupts_s ? t("consent-drops", { span: span(disrupts_s) }) : t("consent-stays-on")}</span></li>
        <li>${icon("shield", 20)}<span>${t("consent-checked")}</span></li>
      </ul>
    `;
  }
}
customElements.define("cf-consent", CfConsent);
