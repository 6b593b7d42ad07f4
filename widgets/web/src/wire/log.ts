// One conversation's numbered log, kept up to date: read over HTTP first, then pushed over the
// socket; after any cut it asks for what came after the last number it saw. When the socket cannot
// be had, it asks over HTTP every few seconds. Each event is taken once, by its number.
import type { Api } from "./api.ts";
import { EMPTY, follows, merged, type Conversation } from "./conversation.ts";
import { ApiError } from "./failure.ts";
import type { Live } from "./socket.ts";
import type { SessionEvent } from "./types.ts";

const POLL_MS = 2500;
const WATCH_MS = 20_000;
const GAP_MS = 120;

export type Link = "connecting" | "live" | "polling" | "offline";

interface JoinAck {
  ok?: boolean;
  events?: SessionEvent[];
  last_seq?: number;
  error?: { code?: string };
}

export class EventLog {
  conversation: Conversation = EMPTY;
  link: Link = "connecting";
  /** Set when the log cannot be read at all, e.g. not found. */
  failure: ApiError | null = null;
  loaded = false;
  readonly #api: Api;
  readonly #live: Live;
  readonly #session: string;
  readonly #changed: () => void;
  readonly #stops: (() => void)[] = [];
  #timer = 0;
  #fetching: Promise<void> | null = null;
  #again = false;
  #joined = false;
  #closed = false;

  constructor(api: Api, live: Live, session: string, changed: () => void) {
    this.#api = api;
    this.#live = live;
    this.#session = session;
    this.#changed = changed;
  }

  async open(): Promise<void> {
    await this.catchUp();
    if (this.#closed) return;
    this.#stops.push(this.#live.on("event", (event: SessionEvent) => this.#pushed(event)));
    this.#stops.push(this.#live.watch((up) => void this.#linked(up)));
    const back = () => document.visibilityState === "visible" && void this.catchUp();
    document.addEventListener("visibilitychange", back);
    addEventListener("online", back);
    this.#stops.push(() => {
      document.removeEventListener("visibilitychange", back);
      removeEventListener("online", back);
    });
    if (this.#live.up) await this.#linked(true);
    this.#tick();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const stop of this.#stops) stop();
  }

  /** Read over HTTP all that came after the cursor. Runs once at a time; a call meanwhile runs again. */
  catchUp(): Promise<void> {
    if (this.#fetching) {
      this.#again = true;
      return this.#fetching;
    }
    this.#fetching = this.#read().finally(() => {
      this.#fetching = null;
    });
    return this.#fetching;
  }

  async #read(): Promise<void> {
    try {
      let more = true;
      while ((more || this.#again) && !this.#closed) {
        this.#again = false;
        const page = await this.#api.events(this.#session, this.conversation.cursor);
        this.#take(page.events, page.last_seq);
        more = page.more;
        this.loaded ||= !more;
      }
      this.failure = null;
      if (!this.#joined) this.#set(this.#live.failed ? "polling" : "connecting");
      this.#changed();
    } catch (error) {
      const failure = ApiError.from(error);
      if (!failure.passing) this.failure = failure;
      if (!this.#joined || failure.status === 0) this.#set("offline");
      this.#changed();
    }
  }

  async #linked(up: boolean): Promise<void> {
    this.#joined = false;
    if (!up) {
      if (this.link === "live") this.#set(navigator.onLine ? "connecting" : "offline");
      this.#tick();
      return;
    }
    try {
      const request = { session: this.#session, after: this.conversation.cursor };
      const ack = await this.#live.ask<JoinAck>("join", request);
      if (this.#closed) return;
      if (!ack.ok) throw new Error(ack.error?.code ?? "refused");
      this.#joined = true;
      this.#take(ack.events ?? [], ack.last_seq ?? 0);
      this.loaded = true;
      this.#set("live");
    } catch {
      this.#set("polling");
      this.#tick();
    }
  }

  #pushed(event: SessionEvent): void {
    if (event.session !== this.#session) return;
    const whole = follows(this.conversation, event.seq);
    this.#take([event], whole ? event.seq : 0);
    // Numbers between may be hidden from us, or their push may have been lost: ask.
    if (!whole) setTimeout(() => void this.catchUp(), GAP_MS);
  }

  #take(events: readonly SessionEvent[], lastSeq: number): void {
    const before = this.conversation;
    this.conversation = merged(before, events, lastSeq);
    if (this.conversation !== before) this.#changed();
  }

  #tick(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    const wait_ms = this.#joined ? WATCH_MS : POLL_MS;
    this.#timer = window.setTimeout(() => {
      void this.catchUp().finally(() => this.#tick());
    }, wait_ms);
  }

  #set(link: Link): void {
    if (link === this.link) return;
    this.link = link;
    this.#changed();
  }
}
