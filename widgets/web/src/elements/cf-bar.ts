// The head of every screen: where one is, whether it is connected, and the menu.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { controls, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Link } from "../wire/log.ts";
import "./cf-menu.ts";

export class CfBar extends Worded {
  static override properties = { heading: {}, link: {}, back: { type: Boolean }, who: {} };
  declare heading: string;
  /** "" where there is no live conversation. */
  declare link: Link | "";
  /** Show the way back; it fires "cf-back". */
  declare back: boolean;
  declare who: string;

  constructor() {
    super();
    this.heading = "";
    this.link = "";
    this.back = false;
    this.who = "";
  }

  static override styles = [
    look,
    controls,
    css`
      :host {
        position: sticky;
        top: 0;
        z-index: 5;
        background: color-mix(in oklab, var(--surface) 97%, transparent);
        backdrop-filter: blur(14px) saturate(1.4);
        border-bottom: 1px solid var(--line);
      }
      header {
        display: flex;
        align-items: center;
        gap: 0.75rem;
        min-height: 4rem;
        padding: 0.5rem max(0.75rem, env(safe-area-inset-right)) 0.5rem max(1rem, env(safe-area-inset-left));
      }
      .brand {
        display: grid;
        place-items: center;
        flex: none;
        width: 2.5rem;
        height: 2.5rem;
        border-radius: 0.85rem;
        background: linear-gradient(140deg, var(--accent), var(--accent-deep));
        color: var(--on-accent);
      }
      .where {
        flex: 1;
        min-width: 0;
      }
      h1, .title {
        font-size: 1.0625rem;
        line-height: 1.25;
        font-weight: 650;
        overflow-wrap: anywhere;
        text-wrap: pretty;
      }
      .link {
        display: flex;
        align-items: center;
        gap: 0.4rem;
        font-size: 0.875rem;
        color: var(--soft);
      }
      .link i {
        width: 0.55rem;
        height: 0.55rem;
        border-radius: 50%;
        background: var(--good);
      }
      .link.connecting i, .link.polling i {
        background: none;
        box-shadow: inset 0 0 0 2px var(--warn);
      }
      .link.offline i {
        border-radius: 1px;
        background: var(--bad);
      }
      .link.offline {
        color: var(--bad);
        font-weight: 600;
      }
      .round.back {
        margin-inline-start: -0.6rem;
      }
      :host(:dir(rtl)) .back svg {
        transform: scaleX(-1);
      }
      @media (max-height: 30rem) {
        :host { position: static; }
      }
      /* Text at twice its size on a phone: the title gets a line of its own and scrolls away. */
      @container (max-width: 16rem) {
        :host { position: static; }
        header { flex-wrap: wrap; justify-content: space-between; }
        .where { order: 3; flex-basis: 100%; }
      }
    `,
  ];

  override render() {
    return html`<header>
      ${this.back
        ? html`<button class="round back" aria-label=${t("bar-back")} @click=${this.#back}>${icon("back", 24)}</button>`
        : html`<span class="brand">${icon("wifi", 24)}</span>`}
      <div class="where">
        <h1>${this.heading || "Careflow"}</h1>
        <p class="link ${this.link || ""}" role="status">${this.link ? html`<i></i>${t(`link-${this.link}`)}` : nothing}</p>
      </div>
      <slot></slot>
      <cf-menu .who=${this.who}></cf-menu>
    </header>`;
  }

  #back(): void {
    this.dispatchEvent(new CustomEvent("cf-back", { bubbles: true, composed: true }));
  }
}
customElements.define("cf-bar", CfBar);
