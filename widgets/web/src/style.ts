// Styles that every element shares. `look` gives each --cf-* token a fallback under a private name,
// so that one element works in a page that knows nothing of tokens.css.
import { css } from "lit";

export const look = css`
  :host {
    --canvas: var(--cf-canvas, light-dark(#f3f8f7, #0f1719));
    --glow: var(--cf-glow, light-dark(#d5f1ea, #0f3236));
    --surface: var(--cf-surface, light-dark(#fff, #172225));
    --sunken: var(--cf-sunken, light-dark(#eef4f4, #203034));
    --line: var(--cf-line, light-dark(#d9e3e3, #314145));
    --edge: var(--cf-edge, light-dark(#75868a, #75888d));
    --ink: var(--cf-ink, light-dark(#112329, #edf3f2));
    --soft: var(--cf-soft, light-dark(#485c63, #abbabd));
    --accent: var(--cf-accent, light-dark(#00646a, #71dccd));
    --accent-deep: var(--cf-accent-deep, light-dark(#004f55, #9aebdf));
    --accent-wash: var(--cf-accent-wash, light-dark(#dcf5f1, #133538));
    --on-accent: var(--cf-on-accent, light-dark(#fff, #00191d));
    --good: var(--cf-good, light-dark(#0c6a35, #7de2a1));
    --good-wash: var(--cf-good-wash, light-dark(#dff8e6, #14361f));
    --warn: var(--cf-warn, light-dark(#825100, #f0c05e));
    --warn-wash: var(--cf-warn-wash, light-dark(#fdf1d9, #3a2a10));
    --bad: var(--cf-bad, light-dark(#ae2a2a, #ff9d95));
    --bad-wash: var(--cf-bad-wash, light-dark(#ffeeec, #421d1b));
    --note: var(--cf-note, light-dark(#faf0bf, #3e3414));
    --radius: var(--cf-radius, 1.25rem);
    --radius-small: var(--cf-radius-small, 0.75rem);
    --target: var(--cf-target, 3rem);
    --shadow: var(--cf-shadow, 0 1px 3px rgb(0 0 0 / 0.08));
    --motion: var(--cf-motion, 220ms);
    --font: var(--cf-font, system-ui, sans-serif);

    display: block;
    box-sizing: border-box;
    color: var(--ink);
    font-family: var(--font);
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h1, h2, h3, h4, p, ul, ol, dl, dd, figure {
    margin: 0;
    padding: 0;
  }
  ul, ol {
    list-style: none;
  }
  h1, h2, h3, h4 {
    text-wrap: balance;
    line-height: 1.2;
    letter-spacing: -0.012em;
    font-weight: 650;
  }
  p {
    text-wrap: pretty;
    overflow-wrap: anywhere;
  }
  a {
    color: var(--accent);
    text-underline-offset: 0.18em;
  }
  svg {
    display: block;
    flex: none;
  }
  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }
  [tabindex="-1"]:focus {
    outline: none;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .soft {
    color: var(--soft);
  }
  .small {
    font-size: 0.875em;
  }
  .figures {
    font-variant-numeric: tabular-nums;
  }
  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after {
      animation-duration: 0.01ms !important;
      animation-iteration-count: 1 !important;
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }
`;

export const controls = css`
  button, input, textarea, select {
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
  }
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.55em;
    min-height: var(--target);
    padding: 0.6em 1.3em;
    border: 1.5px solid var(--line);
    border-radius: 999px;
    background: var(--surface);
    color: var(--accent);
    font-weight: 600;
    line-height: 1.25;
    text-align: center;
    text-decoration: none;
    overflow-wrap: anywhere;
    cursor: pointer;
    transition: background var(--motion), border-color var(--motion), transform var(--motion);
  }
  @media (hover: hover) {
    .button:hover {
      background: var(--accent-wash);
      border-color: var(--accent);
    }
  }
  .button:active {
    transform: scale(0.985);
  }
  /* Text at twice its size on a phone: the words need the room. */
  @container (max-width: 16rem) {
    .button {
      padding-inline: 0.35em;
      border-radius: 1.6rem;
    }
    .button svg {
      display: none;
    }
  }
  .button.primary {
    background: var(--accent);
    border-color: transparent;
    color: var(--on-accent);
  }
  @media (hover: hover) {
    .button.primary:hover {
      background: var(--accent-deep);
    }
  }
  .button.quiet {
    border-color: transparent;
    background: transparent;
  }
  @media (hover: hover) {
    .button.quiet:hover {
      background: var(--accent-wash);
    }
  }
  .button.wide {
    width: 100%;
  }
  .button.slim {
    min-height: 2.5rem;
    padding: 0.35em 0.95em;
    font-size: 0.9375rem;
  }
  @media (pointer: coarse) {
    .button.slim {
      min-height: var(--target);
    }
  }
  .button:disabled,
  .button[aria-disabled="true"] {
    cursor: default;
    opacity: 0.62;
    transform: none;
  }
  .round {
    display: inline-grid;
    place-items: center;
    width: var(--target);
    height: var(--target);
    padding: 0;
    border: 0;
    border-radius: 50%;
    background: transparent;
    color: var(--soft);
    cursor: pointer;
  }
  @media (hover: hover) {
    .round:hover {
      background: var(--accent-wash);
      color: var(--accent);
    }
  }
  label, .label {
    display: block;
    margin-bottom: 0.4rem;
    font-weight: 600;
    font-size: 0.9375rem;
  }
  .input {
    width: 100%;
    min-height: var(--target);
    padding: 0.6em 0.95em;
    border: 1.5px solid var(--edge);
    border-radius: var(--radius-small);
    background: var(--surface);
  }
  .input::placeholder {
    color: var(--soft);
  }
  .input:focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 0;
    border-color: transparent;
  }
  .input[aria-invalid="true"] {
    border-color: var(--bad);
  }
  textarea.input {
    min-height: var(--target);
    resize: vertical;
    field-sizing: content;
    max-height: 10rem;
  }
  .hint {
    margin-top: 0.4rem;
    color: var(--soft);
    font-size: 0.875rem;
  }
  .wrong {
    margin-top: 0.4rem;
    color: var(--bad);
    font-size: 0.9375rem;
    font-weight: 550;
  }
`;

export const amount = css`
  progress {
    display: block;
    width: 100%;
    height: 0.4rem;
    border: 0;
    border-radius: 1rem;
    background: var(--sunken);
    overflow: hidden;
    appearance: none;
  }
  progress::-webkit-progress-bar {
    background: var(--sunken);
  }
  progress::-webkit-progress-value {
    border-radius: 1rem;
    background: var(--accent);
  }
  progress::-moz-progress-bar {
    border-radius: 1rem;
    background: var(--accent);
  }
`;

export const card = css`
  .card {
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    padding: 1.1rem 1.2rem;
  }
  .eyebrow {
    font-size: 0.8125rem;
    font-weight: 650;
    letter-spacing: 0.02em;
    color: var(--soft);
  }
  summary {
    cursor: pointer;
    color: var(--accent);
    font-weight: 600;
    font-size: 0.9375rem;
    padding-block: 0.55rem;
    border-radius: 0.4rem;
    width: fit-content;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 0.9375rem;
  }
  th, td {
    text-align: start;
    padding: 0.5rem 0.75rem 0.5rem 0;
    border-bottom: 1px solid var(--line);
    vertical-align: top;
    overflow-wrap: anywhere;
  }
  th {
    color: var(--soft);
    font-weight: 600;
    font-size: 0.8125rem;
  }
  tr:last-child > td, tr:last-child > th[scope="row"] {
    border-bottom: 0;
  }
`;
