// A router at a glance, in plain words first: how it is, its WiFi, what is in the home, firmware, backup,
// how it can be reached; the technical names stand at the end.
import { css, html, nothing } from "lit";
import { icon, type IconName } from "../icons.ts";
import { agoFrom, day } from "../moments.ts";
import { card, controls, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Api } from "../wire/api.ts";
import type { DeviceDetail, Operation, WifiNetwork } from "../wire/device.ts";
import { ApiError } from "../wire/failure.ts";
import { download } from "../wire/files.ts";
import type { Widget } from "../wire/types.ts";
import "../elements/cf-failure.ts";
import "../elements/cf-hosts.ts";
import "./cf-reopen.ts";
import "./cf-tags.ts";
import { taking } from "./fitting.ts";
import { may, mayTake } from "./may.ts";
import { part } from "./part.ts";
import { lasting, tone } from "./words.ts";

export class CfOverview extends Worded {
  static override properties = { api: { attribute: false }, detail: { attribute: false }, operations: { attribute: false }, error: { state: true } };
  declare api: Api;
  declare detail: DeviceDetail;
  declare operations: readonly Operation[];
  declare private error: ApiError | null;

  constructor() {
    super();
    this.operations = [];
    this.error = null;
  }

  static override styles = [
    look,
    controls,
    card,
    part,
    css`
      .cards {
        columns: 2 24rem;
        column-gap: 1rem;
      }
      .card {
        break-inside: avoid;
        margin-bottom: 1rem;
      }
      h2 {
        display: flex;
        align-items: center;
        gap: 0.6rem;
        margin-bottom: 0.7rem;
        font-size: 1.0625rem;
      }
      h2 .icon {
        color: var(--accent);
      }
      .health {
        display: flex;
        gap: 0.9rem;
        margin-bottom: 1rem;
        padding: 1.1rem 1.25rem;
        border-radius: var(--radius);
        background: var(--sunken);
      }
      .health.good { background: var(--good-wash); }
      .health.warn { background: var(--warn-wash); }
      .health.bad { background: var(--bad-wash); }
      .health > .icon { margin-top: 0.1rem; }
      .good > .icon { color: var(--good); }
      .warn > .icon { color: var(--warn); }
      .bad > .icon { color: var(--bad); }
      .health p:first-child {
        font-size: 1.125rem;
        font-weight: 600;
      }
      dl {
        display: grid;
        grid-template-columns: minmax(7rem, max-content) minmax(0, 1fr);
        gap: 0.35rem 1rem;
      }
      dt {
        color: var(--soft);
        font-size: 0.9375rem;
      }
      dd {
        overflow-wrap: anywhere;
      }
      .net {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0.2rem 0.9rem;
        padding: 0.45rem 0;
      }
      .net + .net {
        border-top: 1px solid var(--line);
      }
      .net b {
        flex: 1 1 8rem;
        font-weight: 620;
        overflow-wrap: anywhere;
      }
      .button {
        margin-top: 0.7rem;
      }
      .quirks {
        list-style: disc;
        padding-inline-start: 1.2rem;
      }
      @container (max-width: 16rem) {
        .health { display: block; padding: 0.9rem; }
        .cards { columns: 1; }
        .card { padding: 0.9rem; }
        h2 { overflow-wrap: anywhere; }
      }
      @container (max-width: 20rem) {
        dl { grid-template-columns: minmax(0, 1fr); }
      }
    `,
  ];

  override render() {
    const { detail } = this;
    return html`
      ${this.error ? html`<cf-failure .error=${this.error}></cf-failure>` : nothing}
      ${this.#health(detail)}
      <div class="cards">
        ${this.#wifi(detail.wifi)} ${this.#hosts(detail)} ${this.#firmware(detail)} ${this.#backup(detail)} ${this.#contact(detail)}
        ${this.#card("note", t("router-tags"), html`<cf-tags .api=${this.api} .device=${detail.id} .tags=${detail.tags} ?fixed=${!may(this.api.subject?.role, "tag")}></cf-tags>`)}
        ${this.#technical(detail)}
      </div>
    `;
  }

  #health(detail: DeviceDetail) {
    const said = detail.summary.length ? detail.summary : [detail.state_text];
    const look = detail.admission === "quarantined" || detail.knocked_at ? "warn" : tone(detail.state);
    const glyph: IconName = look === "good" ? "check" : look ? "alert" : "info";
    return html`<section class="health ${look}" aria-label=${t("router-health")}>${icon(glyph, 24)}<div>${said.map((line) => html`<p>${line}</p>`)}</div></section>`;
  }

  #card(glyph: IconName, heading: string, inside: unknown) {
    return html`<section class="card"><h2>${icon(glyph, 20)}${heading}</h2>${inside}</section>`;
  }

  #wifi(networks: readonly WifiNetwork[]) {
    const inside = networks.length
      ? networks.map(
          (one) => html`<p class="net"><b>${one.ssid || t("channels-hidden")}</b>
            <span class="soft">${[one.band, one.channel === null ? "" : t(one.auto ? "router-channel-auto" : "router-channel", { channel: one.channel })].filter(Boolean).join(" · ")}</span>
            <span class="pill ${one.enabled === false ? "warn" : one.enabled ? "good" : ""}">${t(one.enabled === null ? "quality-unknown" : one.enabled ? "router-on" : "router-off")}</span></p>`,
        )
      : html`<p class="soft">${t("router-no-wifi")}</p>`;
    return this.#card("wifi", t("router-wifi"), inside);
  }

  #hosts(detail: DeviceDetail) {
    const here = detail.hosts.filter((host) => host.active).length;
    const widget: Widget = { type: "hosts", id: "hosts", rows: detail.hosts, summary: detail.hosts.length ? t("router-hosts-count", { here, n: detail.hosts.length }) : "" };
    return this.#card("laptop", t("router-hosts"), html`<cf-hosts .widget=${widget}></cf-hosts>`);
  }

  #firmware(detail: DeviceDetail) {
    const { current, offered } = detail.firmware;
    const install = offered ? taking(this.operations, "firmware", offered.file_id) : null;
    return this.#card(
      "shield",
      t("router-firmware"),
      html`<p><b class="figures">${current || "–"}</b> <span class="soft">${offered ? "" : t("router-firmware-newest")}</span></p>
        ${offered ? html`<p>${t("router-firmware-offered", { version: offered.version })}</p>` : nothing}
        ${install?.operation.available && offered
          ? html`<button class="button slim" @click=${() => this.dispatchEvent(new CustomEvent("cf-operate", { detail: install, bubbles: true, composed: true }))}>${t("router-firmware-install", { version: offered.version })}</button>`
          : nothing}`,
    );
  }

  #backup(detail: DeviceDetail) {
    const { backup } = detail;
    const role = this.api.subject?.role;
    return this.#card(
      "inbox",
      t("router-backup"),
      backup
        ? html`<p>${t("router-backup-at", { when: day(backup.at), ago: agoFrom(backup.at, this.api.now_ms()) })}</p>
            ${mayTake(role, "configuration") ? html`<button class="button slim" @click=${() => void this.#download(backup.file_id)}>${t("router-download")}</button>` : nothing}`
        : html`<p class="soft">${t("router-no-backup")}</p>`,
    );
  }

  #contact(detail: DeviceDetail) {
    const rows: [string, string][] = [
      [t("router-address"), detail.address || "–"],
      [t("facts-contact"), detail.last_contact_at ? `${day(detail.last_contact_at)} (${agoFrom(detail.last_contact_at, this.api.now_ms())})` : t("home-never-heard")],
      ...(detail.uptime_s === null ? [] : [[t("router-uptime"), lasting(detail.uptime_s)] as [string, string]]),
      [t("router-wake"), detail.wake.text],
      ...(detail.knocked_at ? [[t("router-knocked"), t("router-knocked-at", { when: day(detail.knocked_at), ago: agoFrom(detail.knocked_at, this.api.now_ms()) })] as [string, string]] : []),
    ];
    const admits = detail.admission === "enrolled" && may(this.api.subject?.role, "admit");
    return this.#card(
      "globe",
      t("router-contact"),
      html`${this.#rows(rows)}${admits ? html`<cf-reopen .api=${this.api} .detail=${detail}></cf-reopen>` : nothing}`,
    );
  }

  #technical(detail: DeviceDetail) {
    const rows: [string, string][] = [
      [t("facts-serial"), detail.serial_number],
      [t("router-maker"), detail.manufacturer],
      [t("facts-model"), detail.model],
      [t("router-product-class"), detail.product_class],
      ["OUI", detail.oui],
      [t("router-hardware"), detail.hardware_version],
      [t("router-data-model"), detail.data_model === "tr181" ? "TR-181" : detail.data_model === "tr098" ? "TR-098" : "–"],
      [t("router-profile"), detail.profile?.name ?? t("router-profile-none")],
    ];
    return this.#card(
      "router",
      t("router-technical"),
      html`${this.#rows(rows)}
        ${detail.profile?.quirks.length
          ? html`<details><summary>${t("router-quirks", { n: detail.profile.quirks.length })}</summary><ul class="quirks">${detail.profile.quirks.map((one) => html`<li>${one}</li>`)}</ul></details>`
          : nothing}`,
    );
  }

  #rows(rows: readonly (readonly [string, string])[]) {
    return html`<dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd class="figures">${value || "–"}</dd>`)}</dl>`;
  }

  async #download(id: string): Promise<void> {
    try {
      await download(this.api, { id, name: `${this.detail.serial_number}.cfg` });
      this.error = null;
    } catch (error) {
      this.error = ApiError.from(error);
    }
  }
}
customElements.define("cf-overview", CfOverview);
