// The prompt of one step: large what to say, apart from it what to ask, to listen for, to do, and
// what to answer if asked.
import { css, html, nothing } from "lit";
import { icon, type IconName } from "../icons.ts";
import { card, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Prompt } from "../wire/types.ts";

export class CfPrompt extends Worded {
  static override properties = { prompt: { attribute: false }, words: {} };
  declare prompt: Prompt;
  /** The customer's own words of this step, said when the author wrote no other. */
  declare words: string;

  constructor() {
    super();
    this.words = "";
  }

  static override styles = [
    look,
    card,
    css`
      :host {
        display: grid;
        gap: 0.9rem;
      }
      .say {
        padding: 1.15rem 1.35rem 1.25rem;
        border-radius: var(--radius);
        background: var(--accent-wash);
        border-inline-start: 0.35rem solid var(--accent);
      }
      .say p:last-child {
        margin-top: 0.3rem;
        font-size: clamp(1.25rem, 1.05rem + 0.75vw, 1.5rem);
        line-height: 1.4;
        font-weight: 540;
        letter-spacing: -0.012em;
      }
      .eyebrow {
        color: var(--accent);
      }
      .rows {
        display: grid;
        gap: 0.15rem;
      }
      .row {
        display: grid;
        grid-template-columns: 1.5rem 7.25rem minmax(0, 1fr);
        gap: 0.65rem;
        padding: 0.5rem 0.25rem;
      }
      .row .icon {
        color: var(--accent);
      }
      dt {
        font-weight: 600;
        color: var(--soft);
      }
      .ask dd {
        font-size: 1.125rem;
        font-weight: 600;
      }
      @media (max-width: 40rem) {
        .row { grid-template-columns: 1.5rem minmax(0, 1fr); }
        .row dd { grid-column: 2; }
      }
      details {
        padding: 0.1rem 0.25rem;
      }
      details p {
        padding: 0 0 0.5rem 1.1rem;
      }
    `,
  ];

  override render() {
    const { say, ask, do: act, listen_for, if_asked } = this.prompt;
    const said = say || this.words;
    const heard = Array.isArray(listen_for) ? listen_for.join(" / ") : listen_for;
    return html`
      ${said
        ? html`<div class="say" tabindex="-1"><p class="eyebrow">${t("script-say")}</p><p>${said}</p></div>`
        : nothing}
      <dl class="rows">
        ${this.#row("ask", "chat", t("script-ask"), ask)} ${this.#row("listen", "headset", t("script-listen-for"), heard)}
        ${this.#row("do", "wrench", t("script-do"), act)}
      </dl>
      ${if_asked?.length
        ? html`<section aria-label=${t("script-if-asked")}>
            <p class="eyebrow">${t("script-if-asked")}</p>
            ${if_asked.map((one) => html`<details><summary>${one.q}</summary><p>${one.a}</p></details>`)}
          </section>`
        : nothing}
    `;
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>(".say")?.focus({ preventScroll: true });
  }

  #row(name: string, glyph: IconName, label: string, text: string | null | undefined) {
    if (!text) return nothing;
    return html`<div class="row ${name}">${icon(glyph, 22)}<dt>${label}</dt><dd>${text}</dd></div>`;
  }
}
customElements.define("cf-prompt", CfPrompt);
