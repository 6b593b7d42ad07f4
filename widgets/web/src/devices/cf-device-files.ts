// Files of one router: its backups and logs, and the firmware images that fit it, to install or restore here.
import { css, html } from "lit";
import { card, controls, look } from "../style.ts";
import { t } from "../texts.ts";
import { deviceUrl, type DeviceDetail, type Operation, type Rows, type StoredFile } from "../wire/device.ts";
import "./cf-file-list.ts";
import { fits } from "./fitting.ts";
import { DevicePart, part } from "./part.ts";

const LIMIT = "50";

export class CfDeviceFiles extends DevicePart {
  static override properties = {
    ...DevicePart.properties,
    detail: { attribute: false },
    operations: { attribute: false },
    own: { state: true },
    images: { state: true },
  };
  declare detail: DeviceDetail;
  declare operations: readonly Operation[];
  declare private own: readonly StoredFile[];
  declare private images: readonly StoredFile[];
  protected readonly hears = ["files"];

  constructor() {
    super();
    this.operations = [];
    this.own = [];
    this.images = [];
  }

  static override styles = [
    look,
    controls,
    card,
    part,
    css`
      section + section {
        margin-top: 1.75rem;
      }
    `,
  ];

  protected async load(current: () => boolean): Promise<void> {
    const [own, images] = await Promise.all([
      this.api.get<Rows<StoredFile>>(deviceUrl(this.device, "files", { limit: LIMIT })),
      this.api.get<Rows<StoredFile>>(`staff/files?kind=firmware&limit=${LIMIT}`),
    ]);
    if (!current()) return;
    this.own = own.items.filter((file) => file.kind !== "firmware");
    this.images = images.items;
  }

  override render() {
    const fitting = this.images.filter((file) => fits(file, this.detail));
    const changed = () => void this.refresh();
    return html`
      ${this.state()}
      ${this.loaded
        ? html`<section aria-labelledby="own">
              <div class="head"><h2 id="own">${t("router-files-own")}</h2></div>
              <cf-file-list .api=${this.api} .files=${this.own} .operations=${this.operations} .empty=${t("router-files-own-none")} @cf-changed=${changed}></cf-file-list>
            </section>
            <section aria-labelledby="images">
              <div class="head"><h2 id="images">${t("router-files-fitting")}</h2><a class="button slim" href="#files">${t("router-library")}</a></div>
              <cf-file-list .api=${this.api} .files=${fitting} .operations=${this.operations} .running=${this.detail.software_version} .empty=${t("router-files-fitting-none")}
                @cf-changed=${changed}></cf-file-list>
            </section>`
        : ""}
    `;
  }
}
customElements.define("cf-device-files", CfDeviceFiles);
