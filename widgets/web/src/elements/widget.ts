// From a widget's type to its element. What this version does not know is shown as its plain text.
import { html, type TemplateResult } from "lit";
import type { ReadingRow, Widget } from "../wire/types.ts";
import "./cf-channels.ts";
import "./cf-consent.ts";
import "./cf-hops.ts";
import "./cf-hosts.ts";
import "./cf-measured.ts";
import "./cf-readings.ts";

/** A widget that shows. `said` is the text above it, which a consent does not repeat. */
export function display(widget: Widget, said = "", elapsed_s = 0): TemplateResult {
  switch (widget.type) {
    case "hosts":
      return html`<cf-hosts .widget=${widget}></cf-hosts>`;
    case "readings":
      return html`<cf-readings .rows=${(widget.rows ?? []) as ReadingRow[]} .caption=${widget.title ?? ""} .elapsed=${elapsed_s}></cf-readings>`;
    case "channels":
      return html`<cf-channels .widget=${widget}></cf-channels>`;
    case "hops":
      return html`<cf-hops .widget=${widget}></cf-hops>`;
    case "measured":
      return html`<cf-measured .widget=${widget}></cf-measured>`;
    case "consent":
      return html`<cf-consent .widget=${widget} .quiet=${widget.text === said}></cf-consent>`;
    default:
      return html`<p>${widget.fallback ?? widget.summary ?? ""}</p>`;
  }
}
