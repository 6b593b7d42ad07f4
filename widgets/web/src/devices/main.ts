// The page on routers: find one, then everything about it. The address after # says which router and part is
// open, and which run is watched beside it; "#?q=..." is a search, "#files" the files for all routers.
import { css, html } from "lit";
import "../tokens.css";
import { Workplace } from "../staff/workplace.ts";
import { begin, t } from "../texts.ts";
import { Api, type Surface } from "../wire/api.ts";
import "./cf-device.ts";
import "./cf-device-find.ts";
import "./cf-library.ts";

const SURFACES: readonly Surface[] = ["staff", "operator", "agent"];
const PLACE = /^#([\w-]{10,64})(?:\/([a-z]+))?(?:\/r\/([\w-]{1,64}))?$/;

/** Who is signed in on the page one comes from is signed in here: its sign-in is taken up. */
function surface(): Surface {
  const from = new URLSearchParams(location.search).get("as");
  const asked = SURFACES.find((one) => one === from);
  return asked ?? SURFACES.find((one) => Api.marked(one)) ?? "staff";
}

class CfDevices extends Workplace {
  protected readonly roles = ["agent", "operator", "supervisor"];

  constructor() {
    super(surface());
  }

  static override styles = [
    ...Workplace.styles,
    css`
      main > * {
        width: 100%;
        max-width: 96rem;
        margin: 0 auto;
      }
    `,
  ];

  protected words() {
    return { title: t("router-title"), heading: t("router-sign-in"), lead: t("router-sign-in-lead") };
  }

  protected screen() {
    const place = PLACE.exec(this.hash);
    if (place) {
      return html`<cf-device .api=${this.api} .live=${this.live} .device=${place[1]} .tab=${place[2] ?? "overview"} .run=${place[3] ?? ""}></cf-device>`;
    }
    if (this.hash === "#files") return html`<cf-library .api=${this.api} .live=${this.live}></cf-library>`;
    return html`<cf-device-find .api=${this.api} .asked=${this.hash.startsWith("#?") ? this.hash.slice(2) : ""}></cf-device-find>`;
  }
}

void begin("people", "staff", "widgets", "router").then(() => customElements.define("cf-devices", CfDevices));
