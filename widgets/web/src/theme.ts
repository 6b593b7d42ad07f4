// Light, dark, or as the system says; remembered. public/assets/early-1.js applies it before paint.
export type Theme = "system" | "light" | "dark";

const KEY = "careflow.theme";

export function theme(): Theme {
  const set = document.documentElement.dataset["theme"];
  return set === "light" || set === "dark" ? set : "system";
}

export function setTheme(next: Theme): void {
  if (next === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = next;
  try {
    if (next === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // Not remembered, and still in force for this page.
  }
}
