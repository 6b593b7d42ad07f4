// A failure told whole: what happened, what was not changed, what to do next.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { controls, look } from "../style.ts";
import { has, oneOf, t, Worded } from "../texts.ts";
import type { ApiError } from "../wire/failure.ts";

const BY_STATUS: Record<number, string> = { 0: "offline", 401: "signed-out", 403: "forbidden", 404: "not-found", 429: "too-many" };

/** The server's code as a message id, else the class of the failure. */
function topic(error: ApiError): string {
  const code = error.code.replaceAll("_", "-");
  if (has(`failure-${code}`)) return code;
  return BY_STATUS[error.status] ?? (error.status >= 500 ? "server" : "other");
}

export function whatHappened(error: ApiError): string {
  const id = topic(error);
  const told = t(`failure-${id}`, { seconds: Math.ceil(error.retry_after_s ?? 30) });
  return id === "other" && error.message && error.message !== error.code ? error.message : told;
}

export class CfFailure extends Worded {
  static override properties = { error: { attribute: false }, retry: { attribute: false } };
  declare error: ApiError | null;
  declare retry: (() => void) | null;

  static override styles = [
    look,
    controls,
    css`
      .box {
        display: flex;
        gap: 0.8rem;
        padding: 0.9rem 1.05rem;
        border-radius: var(--radius-small);
        background: var(--bad-wash);
      }
      .icon {
        color: var(--bad);
        margin-top: 0.1rem;
      }
      strong {
        font-weight: 620;
      }
      .button {
        margin-top: 0.6rem;
      }
    `,
  ];

  override render() {
    const { error } = this;
    return html`<div role="alert">
      ${error
        ? html`<div class="box">
            ${icon("alert", 22)}
            <div>
              <strong>${whatHappened(error)}</strong>
              <p ?hidden=${error.status === 429}>${t("failure-nothing-changed")} ${oneOf(`failure-next-${topic(error)}`, error.passing ? "failure-next-again" : "failure-next-person")}</p>
              ${this.retry ? html`<button class="button slim" @click=${this.retry}>${icon("again", 18)}${t("failure-retry")}</button>` : nothing}
            </div>
          </div>`
        : nothing}
    </div>`;
  }
}
customElements.define("cf-failure", CfFailure);
