// What the widgets that show have in common: a title with its sentence, and a drawing with small words.
import { css } from "lit";

export const titled = css`
  h2 {
    font-size: 1rem;
  }
  .sum {
    color: var(--soft);
    font-size: 0.9375rem;
    margin-top: 0.15rem;
  }
`;

export const drawn = css`
  svg {
    width: 100%;
    max-width: 38rem;
    height: auto;
    margin: 0.5rem auto 0.25rem;
  }
  text {
    font: 500 10.5px var(--font);
    fill: var(--soft);
    text-anchor: middle;
    paint-order: stroke;
    stroke: var(--surface);
    stroke-width: 3px;
    stroke-linejoin: round;
  }
`;
