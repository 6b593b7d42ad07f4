// What a person said that the server has not acknowledged yet. Kept in the tab's session storage, so
// a reload in the middle loses nothing; sent again with the same client_message_id, so it has one
// effect. Sending is one at a time and in order. The clock and the store are given, for tests.
import { ApiError } from "./failure.ts";

export interface Pending {
  client_message_id: string;
  kind: "answer" | "message" | "person";
  reply_to?: string;
  action?: string;
  values?: Record<string, unknown>;
  text: string;
}

export interface Store {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface OutboxPorts {
  store: Store;
  /** Resolves when the server acknowledged; rejects with ApiError. */
  send(entry: Pending): Promise<void>;
  wait(seconds: number): Promise<void>;
  changed(): void;
  refused(entry: Pending, error: ApiError): void;
}

const RETRY_LIMIT_S = 10;
const ENTRIES_LIMIT = 50;

/** 26 characters no other message has; works where crypto.randomUUID does not (plain http on a LAN). */
export function newMessageId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(13));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Outbox {
  pending: readonly Pending[];
  readonly #key: string;
  readonly #ports: OutboxPorts;
  #sending = false;
  #closed = false;

  constructor(session: string, ports: OutboxPorts) {
    this.#key = `careflow.outbox.${session}`;
    this.#ports = ports;
    this.pending = this.#load();
  }

  /** Keep and send; the same question is answered once, however often a button is pressed. */
  add(entry: Omit<Pending, "client_message_id">): void {
    const twice = entry.kind !== "message" && this.pending.some((held) => held.kind === entry.kind && held.reply_to === entry.reply_to);
    if (twice || this.pending.length >= ENTRIES_LIMIT) return;
    this.#keep([...this.pending, { ...entry, client_message_id: newMessageId() }]);
    void this.flush();
  }

  close(): void {
    this.#closed = true;
  }

  async flush(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    let delay_s = 1;
    while (this.pending[0] && !this.#closed) {
      const entry = this.pending[0];
      try {
        await this.#ports.send(entry);
        this.#drop(entry);
        delay_s = 1;
      } catch (error) {
        const failure = ApiError.from(error);
        if (failure.passing) {
          await this.#ports.wait(failure.retry_after_s ?? delay_s);
          delay_s = Math.min(delay_s * 2, RETRY_LIMIT_S);
        } else {
          this.#drop(entry);
          this.#ports.refused(entry, failure);
        }
      }
    }
    this.#sending = false;
  }

  #drop(entry: Pending): void {
    this.#keep(this.pending.filter((held) => held !== entry));
  }

  #keep(pending: readonly Pending[]): void {
    this.pending = pending;
    try {
      if (pending.length) this.#ports.store.setItem(this.#key, JSON.stringify(pending));
      else this.#ports.store.removeItem(this.#key);
    } catch {
      // A full or forbidden store: the message is still sent, it only would not outlive a reload.
    }
    this.#ports.changed();
  }

  #load(): readonly Pending[] {
    try {
      const held: unknown = JSON.parse(this.#ports.store.getItem(this.#key) ?? "[]");
      return Array.isArray(held) ? (held as Pending[]) : [];
    } catch {
      return [];
    }
  }
}
