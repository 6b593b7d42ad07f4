// Language, light or dark, and signing out, behind one round button.
import { css, html, nothing } from "lit";
import { icon, type IconName } from "../icons.ts";
import { controls, look } from "../style.ts";
import { choose, language, LANGUAGES, t, Worded } from "../texts.ts";
import { setTheme, theme, type Theme } from "../theme.ts";

const THEMES: readonly [Theme, IconName][] = [["system", "contrast"], ["light", "sun"], ["dark", "moon"]];

/** A language's own name for itself. */
function ownName(tag: string): string {
  const name = new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}

export class CfMenu extends Worded {
  static override properties = { who: {}, theme: { state: true } };
  /** The name of whoever is signed in; "" when nobody is. Leaving fires "cf-leave". */
  declare who: string;
  declare private theme: Theme;

  constructor() {
    super();
    this.who = "";
    this.theme = theme();
  }

  static override styles = [
    look,
    controls,
    css`
      [popover] {
        position: fixed;
        inset: auto;
        top: 4.25rem;
        inset-inline-end: max(0.75rem, env(safe-area-inset-right));
        width: min(19rem, calc(100vw - 1.5rem));
        max-height: calc(100dvh - 5rem);
        overflow: auto;
        margin: 0;
        padding: 1.1rem;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
        color: var(--ink);
        box-shadow: var(--shadow);
      }
      .who {
        padding-bottom: 0.8rem;
        font-weight: 620;
      }
      fieldset {
        border: 0;
        padding: 0;
        margin: 0 0 1rem;
      }
      legend {
        padding: 0;
        margin-bottom: 0.4rem;
        font-size: 0.9375rem;
        font-weight: 600;
      }
      .set {
        display: flex;
        gap: 0.25rem;
        padding: 0.25rem;
        border-radius: var(--radius-small);
        background: var(--sunken);
      }
      .set label {
        position: relative;
        flex: 1;
        display: grid;
        place-items: center;
        gap: 0.15rem;
        min-height: var(--target);
        margin: 0;
        padding: 0.35rem 0.4rem;
        border-radius: 0.55rem;
        font-size: 0.875rem;
        text-align: center;
        cursor: pointer;
      }
      .set label:has(:checked) {
        background: var(--surface);
        color: var(--accent);
        box-shadow: 0 0 0 1.5px var(--accent);
      }
      .set label:focus-within {
        outline: 3px solid var(--accent);
        outline-offset: 2px;
      }
      .set input {
        position: absolute;
        opacity: 0;
        inset: 0;
        margin: 0;
        cursor: pointer;
      }
    `,
  ];

  override render() {
    return html`
      <button class="round" popovertarget="menu" aria-label=${t("menu-open")}>${icon("contrast")}</button>
      <div popover id="menu" role="dialog" aria-label=${t("menu-open")}>
        ${this.who ? html`<p class="who">${this.who}</p>` : nothing}
        <fieldset>
          <legend>${t("menu-language")}</legend>
          <div class="set">
            ${LANGUAGES.map(
              (tag) => html`<label lang=${tag}><input type="radio" name="language" .checked=${language() === tag}
                @change=${() => choose(tag)} /><span>${ownName(tag)}</span></label>`,
            )}
          </div>
        </fieldset>
        <fieldset>
          <legend>${t("menu-theme")}</legend>
          <div class="set">
            ${THEMES.map(
              ([name, glyph]) => html`<label><input type="radio" name="theme" .checked=${this.theme === name}
                @change=${() => this.#theme(name)} />${icon(glyph, 20)}<span>${t(`menu-theme-${name}`)}</span></label>`,
            )}
          </div>
        </fieldset>
        <slot></slot>
        ${this.who
          ? html`<button class="button wide" @click=${this.#leave}>${icon("leave", 20)}${t("menu-leave")}</button>`
          : nothing}
      </div>
    `;
  }

  #theme(next: Theme): void {
    setTheme(next);
    this.theme = next;
  }

  #leave(): void {
    this.renderRoot.querySelector<HTMLElement>("[popover]")?.hidePopover();
    this.dispatchEvent(new CustomEvent("cf-leave", { bubbles: true, composed: true }));
  }
}
customElements.define("cf-menu", CfMenu);
