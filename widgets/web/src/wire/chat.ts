// A conversation as a screen holds it: the log, what is still being sent, and one view of both.
import type { Api } from "./api.ts";
import { view, type View } from "./conversation.ts";
import type { ApiError } from "./failure.ts";
import { EventLog, type Link } from "./log.ts";
import { Outbox, type Pending } from "./outbox.ts";
import type { Live } from "./socket.ts";
import type { Action } from "./types.ts";

export interface Refusal {
  entry: Pending;
  error: ApiError;
}

export class Chat {
  readonly id: string;
  view: View;
  refusal: Refusal | null = null;
  readonly #api: Api;
  readonly #log: EventLog;
  readonly #outbox: Outbox;
  readonly #changed: () => void;
  #viewed: unknown = null;

  constructor(api: Api, live: Live, id: string, changed: () => void) {
    this.id = id;
    this.#api = api;
    this.#changed = changed;
    this.#log = new EventLog(api, live, id, () => this.#update());
    this.view = view(this.#log.conversation);
    this.#outbox = new Outbox(id, {
      store: sessionStorage,
      send: (entry) => this.#send(entry),
      wait: (seconds) => new Promise((done) => setTimeout(done, seconds * 1000)),
      changed: () => this.#update(),
      refused: (entry, error) => {
        this.refusal = { entry, error };
        void this.#log.catchUp();
        this.#update();
      },
    });
  }

  get link(): Link {
    return this.#log.link;
  }
  get loaded(): boolean {
    return this.#log.loaded;
  }
  get failure(): ApiError | null {
    return this.#log.failure;
  }
  get pending(): readonly Pending[] {
    return this.#outbox.pending;
  }

  /** The answer to the open question that is on its way, if any. */
  get answering(): Pending | null {
    const question = this.view.question;
    return this.pending.find((entry) => entry.kind === "answer" && entry.reply_to === question?.id) ?? null;
  }

  async open(): Promise<void> {
    await this.#log.open();
    await this.#outbox.flush();
  }

  close(): void {
    this.#log.close();
    this.#outbox.close();
  }

  answer(action: Action, values: Record<string, unknown>, text = action.label): void {
    const question = this.view.question;
    if (!question) return;
    this.refusal = null;
    this.#outbox.add({ kind: "answer", reply_to: question.id, action: action.id, values, text });
  }

  say(text: string): void {
    this.refusal = null;
    if (text.trim()) this.#outbox.add({ kind: "message", text: text.trim() });
  }

  person(label: string): void {
    this.refusal = null;
    this.#outbox.add({ kind: "person", text: label });
  }

  refresh(): Promise<void> {
    return this.#log.catchUp();
  }

  async #send(entry: Pending): Promise<void> {
    const { client_message_id, kind } = entry;
    const path = `conversations/${encodeURIComponent(this.id)}/`;
    if (kind === "answer") {
      const { reply_to, action, values } = entry;
      await this.#api.post(`${path}answers`, { client_message_id, reply_to, action, values: values ?? {} });
    } else if (kind === "message") {
      await this.#api.post(`${path}messages`, { client_message_id, text: entry.text });
    } else {
      await this.#api.post(`${path}person`, { client_message_id });
    }
    // What was said is shown as pending until the log has it, so nothing blinks.
    await this.#log.catchUp();
  }

  #update(): void {
    if (this.#viewed !== this.#log.conversation) {
      this.#viewed = this.#log.conversation;
      this.view = view(this.#log.conversation);
    }
    this.#changed();
  }
}
