// The run so far, one line an entry, the newest in sight.
import { css, html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { icon, type IconName } from "../icons.ts";
import { clock } from "../moments.ts";
import { card, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Item, View } from "../wire/conversation.ts";

const GLYPHS: Record<Item["kind"], IconName> = {
  said: "chat",
  working: "router",
  result: "search",
  question: "chat",
  answer: "check",
  loss: "wifi",
  handoff: "headset",
  note: "note",
  ended: "check",
};

export class CfHistory extends Worded {
  static override properties = { view: { attribute: false } };
  declare view: View;

  static override styles = [
    look,
    card,
    css`
      :host {
        display: flex;
        min-height: 0;
      }
      section {
        display: flex;
        flex-direction: column;
        min-height: 0;
        width: 100%;
        padding-bottom: 0.6rem;
      }
      h2 {
        font-size: 0.9375rem;
        margin-bottom: 0.4rem;
      }
      .log {
        overflow: auto;
        min-height: 0;
        margin: 0 -0.5rem;
        padding: 0 0.5rem;
        border-radius: var(--radius-small);
      }
      .entry {
        display: grid;
        grid-template-columns: 1.25rem minmax(0, 1fr);
        gap: 0.6rem;
        padding: 0.5rem 0;
        font-size: 0.9375rem;
        line-height: 1.4;
      }
      .entry .icon {
        margin-top: 0.15rem;
        color: var(--soft);
      }
      .answer {
        font-weight: 620;
      }
      .answer .icon {
        color: var(--accent);
      }
      time {
        display: block;
        font-size: 0.8125rem;
        font-weight: 400;
        color: var(--soft);
      }
    `,
  ];

  override updated(): void {
    const log = this.renderRoot.querySelector(".log");
    log?.scrollTo({ top: log.scrollHeight, behavior: "instant" });
  }

  override render() {
    const items = this.view.items.filter((item) => this.#text(item));
    return html`<section class="card">
      <h2>${t("script-history")}</h2>
      <div class="log" role="log" tabindex="0" aria-label=${t("script-history")}>
        ${repeat(
          items,
          (item) => item.key,
          (item) => html`<div class="entry ${item.kind}" lang=${item.event.locale ?? nothing}>
            ${icon(GLYPHS[item.kind], 18)}
            <div>${this.#text(item)}<time class="figures">${clock(item.event.ts)}</time></div>
          </div>`,
        )}
      </div>
    </section>`;
  }

  #text(item: Item): string {
    if (item.kind === "answer") return item.text;
    if (item.kind === "loss") return t("history-loss", { seconds: item.event.body.seconds ?? 0 });
    const { text, state } = item.event.body;
    if (item.kind === "working") return `${item.event.step?.title ?? text ?? ""}${state === "done" ? ` – ${t("stage-done")}` : ""}`;
    return text ?? item.event.step?.title ?? "";
  }
}
customElements.define("cf-history", CfHistory);
