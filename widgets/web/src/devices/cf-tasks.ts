// What a router was asked to do: what waits, what goes on with its progress, how it ended, and a fault in
// words with the parameter it is about. What has not begun can be cancelled.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { agoFrom, day, size, toMs, waited } from "../moments.ts";
import { amount, card, controls, look } from "../style.ts";
import { language, oneOf, t } from "../texts.ts";
import { deviceUrl, type DeviceTask, type Rows } from "../wire/device.ts";
import { may } from "./may.ts";
import { DevicePart, part } from "./part.ts";

const TICK_MS = 1000;
const OPEN = new Set(["queued", "sent", "running"]);

export class CfTasks extends DevicePart {
  static override properties = { ...DevicePart.properties, page: { state: true }, now: { state: true }, cancelling: { state: true } };
  declare private page: Rows<DeviceTask>;
  declare private now: number;
  declare private cancelling: string;
  protected readonly hears = ["tasks"];
  #clock = 0;

  constructor() {
    super();
    this.page = { items: [], next: null };
    this.now = Date.now();
    this.cancelling = "";
  }

  static override styles = [
    look,
    controls,
    card,
    amount,
    part,
    css`
      ul.card {
        padding: 0;
      }
      li.task {
        display: grid;
        gap: 0.25rem;
        padding: 0.9rem 1.2rem;
      }
      li.task + li.task {
        border-top: 1px solid var(--line);
      }
      .top {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.3rem 0.8rem;
      }
      .top b {
        flex: 1 1 12rem;
        font-weight: 620;
        overflow-wrap: anywhere;
      }
      .fault {
        margin-top: 0.35rem;
        padding: 0.7rem 0.9rem;
        border-radius: var(--radius-small);
        background: var(--bad-wash);
        font-size: 0.9375rem;
      }
      .fault b {
        display: block;
        font-weight: 620;
      }
      .fault code {
        color: var(--soft);
      }
      .fault ul {
        display: grid;
        gap: 0.3rem;
        margin-top: 0.35rem;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#clock = window.setInterval(() => {
      if (this.page.items.some((one) => OPEN.has(one.state))) this.now = this.api.now_ms();
    }, TICK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#clock);
  }

  protected async load(current: () => boolean): Promise<void> {
    const page = await this.api.get<Rows<DeviceTask>>(deviceUrl(this.device, "tasks", { locale: language() }));
    if (!current()) return;
    this.page = page;
    this.now = this.api.now_ms();
  }

  override render() {
    const { items, next } = this.page;
    return html`
      ${this.state()}
      ${this.loaded && !items.length ? html`<p class="card empty">${t("router-no-tasks")}</p>` : nothing}
      ${items.length ? html`<ul class="card">${items.map((one) => this.#task(one))}</ul>` : nothing}
      ${next ? html`<button class="button wide more" @click=${() => void this.#more(next)}>${t("list-more")}</button>` : nothing}
    `;
  }

  #task(one: DeviceTask) {
    const failed = one.state === "expired" || one.fault !== null;
    const look = OPEN.has(one.state) ? "busy" : failed ? "bad" : "good";
    return html`<li class="task">
      <div class="top">
        <b>${one.text || one.what}</b>
        <span class="pill ${look}">${t(one.fault ? "router-task-failed" : `router-task-${one.state}`)}</span>
        ${one.cancellable && may(this.api.subject?.role, "operate")
          ? html`<button class="button slim" aria-label=${t("router-task-cancel-this", { what: one.text || one.what })} aria-disabled=${this.cancelling ? "true" : "false"}
              @click=${() => void this.#cancel(one)}>${icon("cross", 16)}${t("dialog-cancel")}</button>`
          : nothing}
      </div>
      <p class="small soft">${this.#when(one)}${one.by ? ` · ${one.by}` : ""}</p>
      ${one.progress && OPEN.has(one.state) ? this.#progress(one.progress) : nothing}
      ${one.fault ? this.#fault(one.fault) : nothing}
    </li>`;
  }

  #when(one: DeviceTask): string {
    if (OPEN.has(one.state)) {
      const left_s = ((toMs(one.deadline_at) ?? this.now) - this.now) / 1000;
      return left_s > 0 ? t("router-task-left", { ago: agoFrom(one.created_at, this.now), left: waited(left_s) }) : agoFrom(one.created_at, this.now);
    }
    const took_s = ((toMs(one.done_at) ?? 0) - (toMs(one.created_at) ?? 0)) / 1000;
    return one.done_at ? t("router-task-took", { when: day(one.done_at), took: took_s < 1 ? t("router-under-a-second") : waited(took_s) }) : day(one.created_at);
  }

  #progress(progress: NonNullable<DeviceTask["progress"]>) {
    const { phase, done, total, unit } = progress;
    const told = (amount: number) => (unit === "bytes" ? size(amount) : String(amount));
    const phaseWords = oneOf(`router-progress-${phase}`, "router-progress-other");
    const words = done > 0 && total > 0 ? t("router-progress-of", { phase: phaseWords, done: told(done), total: told(total) }) : phaseWords;
    return html`${total > 0
        ? html`<progress aria-label=${t("step-progress")} max=${total} value=${Math.min(done, total)}></progress>`
        : nothing}
      <p class="small figures">${words}</p>`;
  }

  #fault(fault: NonNullable<DeviceTask["fault"]>) {
    return html`<div class="fault">
      <b>${fault.why || fault.text}</b>
      <code>${fault.code}${fault.text && fault.text !== fault.why ? ` ${fault.text}` : ""}</code>
      ${fault.parameters.length
        ? html`<ul>${fault.parameters.map((one) => html`<li><code>${one.name}</code><br />${one.text} <code>${one.code}</code></li>`)}</ul>`
        : nothing}
    </div>`;
  }

  async #cancel(one: DeviceTask): Promise<void> {
    if (this.cancelling) return;
    this.cancelling = one.id;
    const done = await this.act(() => this.api.delete(deviceUrl(this.device, `tasks/${encodeURIComponent(one.id)}`)));
    this.cancelling = "";
    if (done) void this.refresh();
  }

  async #more(after: string): Promise<void> {
    await this.act(async () => {
      const page = await this.api.get<Rows<DeviceTask>>(deviceUrl(this.device, "tasks", { locale: language(), after }));
      this.page = { ...page, items: [...this.page.items, ...page.items] };
    });
  }
}
customElements.define("cf-tasks", CfTasks);
