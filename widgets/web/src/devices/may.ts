// What a role may do on this page, so that nobody is offered what the server refuses. The server decides.
const DESK = ["operator", "supervisor"];
const ALLOWED = {
  browse: DESK,
  operate: DESK,
  undo: DESK,
  tag: DESK,
  reveal: ["supervisor"],
  files: DESK,
  "delete-file": ["supervisor"],
  admit: ["supervisor"],
} as const satisfies Record<string, readonly string[]>;

export type Deed = keyof typeof ALLOWED;

/** A configuration holds keys and passwords: whoever may see those may take one. */
export function mayTake(role: string | undefined, kind: string): boolean {
  return may(role, kind === "configuration" ? "reveal" : "files");
}

export function may(role: string | undefined, deed: Deed): boolean {
  return (ALLOWED[deed] as readonly string[]).includes(role ?? "");
}
