// One router: who it is, its parts in tabs, and beside them the run that was started here, live.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { agoFrom } from "../moments.ts";
import { card, controls, look } from "../style.ts";
import { language, oneOf, t } from "../texts.ts";
import { deviceUrl, type DeviceDetail, type Operation } from "../wire/device.ts";
import "./cf-admit.ts";
import "./cf-changes.ts";
import "./cf-device-files.ts";
import "./cf-model.ts";
import "./cf-operate.ts";
import type { CfOperate } from "./cf-operate.ts";
import "./cf-operations.ts";
import "./cf-overview.ts";
import "./cf-run.ts";
import "./cf-sessions.ts";
import "./cf-tasks.ts";
import type { Wanted } from "./fitting.ts";
import { may } from "./may.ts";
import { LIST } from "./places.ts";
import { DevicePart, part } from "./part.ts";
import { tone } from "./words.ts";

const TABS = ["overview", "actions", "model", "changes", "tasks", "sessions", "files"] as const;
const FOR_ALL: readonly string[] = ["overview"];

export class CfDevice extends DevicePart {
  static override properties = {
    ...DevicePart.properties,
    tab: {},
    run: { reflect: true },
    detail: { state: true },
    operations: { state: true },
  };
  /** The part that is shown. */
  declare tab: string;
  /** The conversation that is watched beside it, "" for none. */
  declare run: string;
  declare private detail: DeviceDetail | null;
  declare private operations: readonly Operation[];
  protected readonly hears = ["record", "parameters", "files", "tasks"];
  #unwatch: (() => void) | null = null;
  #joined = "";
  #inSight = "";

  constructor() {
    super();
    this.detail = null;
    this.operations = [];
  }

  static override styles = [
    look,
    controls,
    card,
    part,
    css`
      :host {
        padding: 1rem 1.25rem 3rem;
      }
      .back {
        margin: 0 0 0.5rem -0.6rem;
      }
      .who {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.75rem 1rem;
        margin-bottom: 1rem;
      }
      .glyph {
        display: grid;
        place-items: center;
        width: 3.25rem;
        height: 3.25rem;
        border-radius: 1.1rem;
        background: var(--accent-wash);
        color: var(--accent);
      }
      .who > div {
        flex: 1;
        min-width: min(10rem, 100%);
      }
      h2.name {
        font-size: 1.5rem;
        letter-spacing: -0.02em;
        overflow-wrap: anywhere;
      }
      .who a {
        font-weight: 600;
      }
      .desk {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 1.25rem;
        align-items: start;
      }
      :host([run]:not([run=""])) .desk {
        grid-template-columns: minmax(0, 1fr) minmax(20rem, 26rem);
      }
      [role="tablist"] {
        display: flex;
        gap: 0.15rem;
        margin-bottom: 1rem;
        border-bottom: 1px solid var(--line);
        overflow-x: auto;
        scrollbar-width: none;
      }
      [role="tab"] {
        flex: none;
        min-height: var(--target);
        display: inline-flex;
        align-items: center;
        padding: 0.4rem 0.85rem;
        border-bottom: 3px solid transparent;
        color: var(--soft);
        font-weight: 600;
        text-decoration: none;
        border-radius: 0.6rem 0.6rem 0 0;
      }
      [role="tab"][aria-selected="true"] {
        color: var(--accent);
        border-color: var(--accent);
      }
      [role="tab"]:focus-visible {
        outline-offset: -3px;
      }
      @media (hover: hover) {
        [role="tab"]:hover { background: var(--accent-wash); }
      }
      cf-run {
        position: sticky;
        top: 5rem;
        height: calc(100dvh - 6.5rem);
      }
      @media (max-width: 70rem), (max-height: 30rem) {
        :host([run]:not([run=""])) .desk { grid-template-columns: minmax(0, 1fr); }
        cf-run { position: fixed; inset: 0; height: auto; z-index: 8; }
      }
      @media (max-width: 40rem) {
        :host { padding-inline: 1rem; }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatch = this.live.watch((up) => {
      this.#joined = "";
      if (up) void this.#join();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
    if (this.live.up) void this.live.ask("leave_device", { device: this.device }).catch(() => undefined);
  }

  override willUpdate(changed: Map<string, unknown>): void {
    super.willUpdate(changed);
    if (changed.has("device") && this.live.up) void this.#join();
  }

  async #join(): Promise<void> {
    if (this.#joined === this.device) return;
    this.#joined = this.device;
    const ack = await this.live.ask<{ ok?: boolean }>("join_device", { device: this.device }).catch(() => null);
    this.tell("cf-link", ack?.ok ? "live" : "polling");
    // What changed while nobody listened is read once.
    if (ack?.ok && this.loaded) void this.refresh();
  }

  protected async load(current: () => boolean): Promise<void> {
    const locale = language();
    const role = this.api.subject?.role;
    const [detail, operations] = await Promise.all([
      this.api.get<DeviceDetail>(deviceUrl(this.device, "", { locale })),
      may(role, "operate") ? this.api.get<Operation[]>(deviceUrl(this.device, "operations", { locale })) : [],
    ]);
    if (!current()) return;
    this.detail = detail;
    this.operations = operations;
  }

  override render() {
    const { detail } = this;
    if (!detail || detail.id !== this.device) return html`${this.#back()}${this.state()}`;
    return html`
      ${this.#back()} ${this.#who(detail)}
      ${detail.admission === "quarantined" ? html`<cf-admit .api=${this.api} .detail=${detail} @cf-admitted=${() => void this.refresh()}></cf-admit>` : nothing}
      ${this.error ? this.state() : nothing}
      <div class="desk">
        <div class="parts" ?inert=${this.run !== "" && narrow()}>${this.#tabs()}
          <div role=${this.#shownTabs.length < 2 ? "region" : "tabpanel"} id="panel" aria-labelledby="tab-${this.#shown}" tabindex="-1"
            @cf-operate=${(event: CustomEvent<Wanted>) => this.#operate(event.detail)}
            @cf-watch=${(event: CustomEvent<string>) => this.#watch(event.detail)}>${this.#panel(detail)}</div>
        </div>
        ${this.run ? html`<cf-run .api=${this.api} .live=${this.live} .conversation=${this.run} @cf-closed=${() => this.#watch("")}></cf-run>` : nothing}
      </div>
      <cf-operate .api=${this.api} .detail=${detail} @cf-watch=${(event: CustomEvent<string>) => this.#watch(event.detail)}></cf-operate>
    `;
  }

  #back() {
    return html`<a class="button quiet slim back" href="#" @click=${this.#leave}>${icon("back", 18)}${t("router-back")}</a>`;
  }

  /** The list one came from is still in the history; where there is none, the whole list is. */
  #leave = (event: Event): void => {
    const before = sessionStorage.getItem(LIST);
    event.preventDefault();
    location.hash = before ?? "";
  };

  #who(detail: DeviceDetail) {
    const quarantined = detail.admission === "quarantined";
    return html`<div class="who">
      <span class="glyph">${icon("router", 28)}</span>
      <div>
        <h2 class="name">${[detail.manufacturer, detail.model || detail.product_class].filter(Boolean).join(" ") || t("router-unnamed")}</h2>
        <p class="soft"><span class="figures">${detail.serial_number}</span> · ${detail.customer ? detail.customer.name : t("router-no-customer")}
          · ${detail.last_contact_at ? t(detail.online ? "home-online" : "home-offline", { ago: agoFrom(detail.last_contact_at, this.api.now_ms()) }) : t("home-never-heard")}</p>
      </div>
      <span class="pill ${quarantined ? "warn" : tone(detail.state)}">${quarantined ? t("router-state-quarantined") : oneOf(`quality-${detail.state}`, "quality-unknown")}</span>
    </div>`;
  }

  get #shownTabs(): readonly (typeof TABS)[number][] {
    return may(this.api.subject?.role, "browse") ? TABS : TABS.filter((tab) => FOR_ALL.includes(tab));
  }

  /** An address may name a part that one may not see, or that there is not. */
  get #shown(): (typeof TABS)[number] {
    return this.#shownTabs.find((tab) => tab === this.tab) ?? "overview";
  }

  #tabs() {
    // Who may only look has one part, and nothing to choose.
    if (this.#shownTabs.length < 2) return html`<h3 class="unseen" id="tab-overview">${t("router-tab-overview")}</h3>`;
    return html`<div role="tablist" aria-label=${t("router-parts")} @keydown=${this.#keys}>
      ${this.#shownTabs.map(
        (tab) => html`<a role="tab" id="tab-${tab}" href=${this.#address(tab, this.run)} aria-selected=${tab === this.#shown} aria-controls="panel"
          tabindex=${tab === this.#shown ? "0" : "-1"}>${t(`router-tab-${tab}`)}</a>`,
      )}
    </div>`;
  }

  #panel(detail: DeviceDetail) {
    const { api, live, device } = this;
    switch (this.#shown) {
      case "actions":
        return html`<cf-operations .operations=${this.operations}></cf-operations>`;
      case "model":
        return html`<cf-model .api=${api} .live=${live} .device=${device} .operations=${this.operations}></cf-model>`;
      case "changes":
        return html`<cf-changes .api=${api} .live=${live} .device=${device}></cf-changes>`;
      case "tasks":
        return html`<cf-tasks .api=${api} .live=${live} .device=${device}></cf-tasks>`;
      case "sessions":
        return html`<cf-sessions .api=${api} .live=${live} .device=${device}></cf-sessions>`;
      case "files":
        return html`<cf-device-files .api=${api} .live=${live} .device=${device} .detail=${detail} .operations=${this.operations}></cf-device-files>`;
      default:
        return html`<cf-overview .api=${api} .detail=${detail} .operations=${this.operations} @cf-changed=${() => void this.refresh()}></cf-overview>`;
    }
  }

  #keys = (event: KeyboardEvent): void => {
    const tabs = this.#shownTabs;
    const at = tabs.findIndex((tab) => tab === (event.target as HTMLElement).id.slice(4));
    const rtl = document.documentElement.dir === "rtl" ? -1 : 1;
    const to = { ArrowRight: at + rtl, ArrowLeft: at - rtl, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>(`#tab-${tabs[(to + tabs.length) % tabs.length]!}`)?.focus();
  };

  override updated(): void {
    const tab = this.renderRoot.querySelector<HTMLElement>(`#tab-${this.#shown}`);
    if (!tab || tab.role !== "tab" || this.#inSight === this.#shown) return;
    this.#inSight = this.#shown;
    // On a small screen the tabs are wider than it is.
    const list = tab.parentElement!;
    list.scrollLeft += tab.getBoundingClientRect().left - list.getBoundingClientRect().left - (list.clientWidth - tab.offsetWidth) / 2;
  }

  #operate(wanted: Wanted): void {
    void this.renderRoot.querySelector<CfOperate>("cf-operate")?.open(wanted);
  }

  #watch(run: string): void {
    location.hash = this.#address(this.tab, run);
  }

  #address(tab: string, run: string): string {
    return `#${this.device}/${tab}${run ? `/r/${run}` : ""}`;
  }
}

function narrow(): boolean {
  return matchMedia("(max-width: 70rem), (max-height: 30rem)").matches;
}

customElements.define("cf-device", CfDevice);
