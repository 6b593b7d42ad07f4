// What was changed in this router, by whom, and taking it back.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { agoFrom, day, shown } from "../moments.ts";
import { card, controls, look } from "../style.ts";
import { language, t } from "../texts.ts";
import { deviceUrl, type ChangeItem, type ChangeSet, type Rows } from "../wire/device.ts";
import { newMessageId } from "../wire/outbox.ts";
import { may } from "./may.ts";
import { DevicePart, part } from "./part.ts";

export class CfChanges extends DevicePart {
  static override properties = { ...DevicePart.properties, page: { state: true }, busy: { state: true } };
  declare private page: Rows<ChangeSet>;
  /** The change that is being taken back. */
  declare private busy: string;
  protected readonly hears = ["changes"];
  /** One id for a press and all its repetitions. */
  #pressed: { change: string; id: string } | null = null;

  constructor() {
    super();
    this.page = { items: [], next: null };
    this.busy = "";
  }

  static override styles = [
    look,
    controls,
    card,
    part,
    css`
      .card {
        margin-bottom: 0.9rem;
      }
      .head {
        margin-bottom: 0.4rem;
      }
      .item {
        padding: 0.55rem 0;
        border-top: 1px solid var(--line);
      }
      .item p:first-child {
        font-weight: 570;
      }
      .from-to {
        display: flex;
        flex-wrap: wrap;
        gap: 0.4rem;
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .from-to s {
        color: var(--soft);
        font-weight: 500;
      }
      code {
        color: var(--soft);
      }
      .ok { color: var(--good); }
      .not { color: var(--bad); }
      .undo {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        color: var(--soft);
        font-size: 0.9375rem;
      }
    `,
  ];

  protected async load(current: () => boolean): Promise<void> {
    const page = await this.api.get<Rows<ChangeSet>>(deviceUrl(this.device, "changes", { locale: language() }));
    if (current()) this.page = page;
  }

  override render() {
    const { items, next } = this.page;
    return html`
      ${this.state()}
      ${this.loaded && !items.length ? html`<p class="card empty">${t("router-no-changes")}</p>` : nothing}
      ${items.map((one) => this.#set(one))}
      ${next ? html`<button class="button wide more" @click=${() => void this.#more(next)}>${t("list-more")}</button>` : nothing}
    `;
  }

  #set(one: ChangeSet) {
    const { undo } = one;
    return html`<article class="card" aria-labelledby="change-${one.id}">
      <div class="head">
        <div><h2 id="change-${one.id}">${one.title || one.workflow}</h2>
          <p class="small soft">${day(one.at)} (${agoFrom(one.at, this.api.now_ms())})${one.by ? ` · ${one.by}` : ""}</p></div>
        ${undo.state === "possible" && may(this.api.subject?.role, "undo")
          ? html`<button class="button slim" aria-disabled=${this.busy ? "true" : "false"} @click=${() => void this.#undo(one)}>${icon("again", 18)}${t("router-undo")}</button>`
          : html`<p class="undo">${icon(undo.state === "done" ? "check" : undo.state === "running" ? "clock" : "info", 18)}<span>${undo.text}</span></p>`}
      </div>
      ${one.items.map((item) => this.#item(item))}
    </article>`;
  }

  #item(item: ChangeItem) {
    return html`<div class="item">
      <p>${item.label || item.path}</p>
      <p class="from-to figures">${item.kind === "added"
        ? html`<span>${t("change-added")}</span>`
        : item.kind === "deleted"
          ? html`<span>${t("change-deleted")}</span>`
          : html`<s><span class="unseen">${t("change-before")} </span>${shown(item.before)}</s><span aria-hidden="true">→</span><span><span class="unseen">${t("change-after")} </span>${shown(item.after)}</span>`}</p>
      ${item.label && item.label !== item.path ? html`<code>${item.path}</code>` : nothing}
      <p class=${item.verified === false ? "small not" : item.verified ? "small ok" : "small soft"}>
            ${t(item.verified === false ? "change-not-kept" : item.verified ? "change-verified" : "change-unchecked")}</p>
    </div>`;
  }

  /** Taking back is a run of its own, which shows what it costs and asks before it writes. */
  async #undo(one: ChangeSet): Promise<void> {
    if (this.busy) return;
    this.busy = one.id;
    if (this.#pressed?.change !== one.id) this.#pressed = { change: one.id, id: newMessageId() };
    const { id } = this.#pressed;
    const url = deviceUrl(this.device, `changes/${encodeURIComponent(one.id)}/undo`);
    const done = await this.act(async () => {
      const made = await this.api.post<{ id: string }>(url, { client_message_id: id, locale: language() });
      this.tell("cf-watch", made.id);
    });
    this.busy = "";
    if (done) this.#pressed = null;
    if (done) void this.refresh();
  }

  async #more(after: string): Promise<void> {
    await this.act(async () => {
      const page = await this.api.get<Rows<ChangeSet>>(deviceUrl(this.device, "changes", { locale: language(), after }));
      this.page = { ...page, items: [...this.page.items, ...page.items] };
    });
  }
}
customElements.define("cf-changes", CfChanges);
