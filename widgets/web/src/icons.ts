// Line icons on a 24 px grid, drawn in the current colour; always hidden from screen readers,
// since the words beside them say the same.
import { svg, html, type TemplateResult } from "lit";

const SHAPES = {
  wifi: svg`<path d="M4.5 10.2a10.6 10.6 0 0 1 15 0"/><path d="M7.7 13.6a6 6 0 0 1 8.6 0"/><circle cx="12" cy="17.4" r="1.3" fill="currentColor"/>`,
  router: svg`<rect x="3.5" y="13" width="17" height="7" rx="2.2"/><path d="M8 13V8.5M7 16.5h.01M10.5 16.5h.01"/><path d="M12 6.2a5.6 5.6 0 0 1 7.4 0M13.9 8.6a2.7 2.7 0 0 1 3.6 0"/>`,
  check: svg`<path d="m5 12.6 4.4 4.4L19 7.4"/>`,
  cross: svg`<path d="m6.5 6.5 11 11m0-11-11 11"/>`,
  alert: svg`<path d="M12 8v4.6M12 16.2h.01"/><path d="M10.3 4.2 3 17a2 2 0 0 0 1.7 3h14.6a2 2 0 0 0 1.7-3L13.7 4.2a2 2 0 0 0-3.4 0Z"/>`,
  info: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 11.2v5M12 7.9h.01"/>`,
  person: svg`<circle cx="12" cy="8" r="3.8"/><path d="M4.8 20a7.3 7.3 0 0 1 14.4 0"/>`,
  clock: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7.4V12l3 2"/>`,
  shield: svg`<path d="M12 3.5 5 6v5.4c0 4.3 2.9 7.4 7 9.1 4.1-1.7 7-4.8 7-9.1V6Z"/><path d="m9 12 2.2 2.2L15.2 10"/>`,
  back: svg`<path d="m14.5 5.5-6.5 6.5 6.5 6.5"/>`,
  next: svg`<path d="m9.5 5.5 6.5 6.5-6.5 6.5"/>`,
  send: svg`<path d="m4 12 16-7.5-5.2 15.5-3.3-6.2Z"/><path d="m11.5 13.8 3.6-3.9"/>`,
  search: svg`<circle cx="11" cy="11" r="6.4"/><path d="m16 16 4.2 4.2"/>`,
  note: svg`<path d="M5 4.5h14v9.6L13.4 20H5Z"/><path d="M13.2 19.8V14H19M8.5 9h7M8.5 12.4h3.6"/>`,
  globe: svg`<circle cx="12" cy="12" r="8.5"/><path d="M3.7 12h16.6M12 3.5c2.6 2.4 3.8 5.2 3.8 8.5s-1.200 6.100-3.8 8.500c-2.600-2.400-3.800-5.200-3.800-8.500s1.200-6.100 3.800-8.500Z"/>`,
  sun: svg`<circle cx="12" cy="12" r="4"/><path d="M12 3v1.800M12 19.200V21M3 12h1.800M19.200 12H21M5.600 5.600l1.300 1.300M17.100 17.100l1.300 1.300M18.400 5.600l-1.300 1.300M6.900 17.100l-1.300 1.300"/>`,
  moon: svg`<path d="M19.500 14.200A8 8 0 0 1 9.800 4.500a8 8 0 1 0 9.700 9.700Z"/>`,
  contrast: svg`<circle cx="12" cy="12" r="8.500"/><path d="M12 3.500v17a8.500 8.500 0 0 0 0-17Z" fill="currentColor"/>`,
  chat: svg`<path d="M4 6.500A2.500 2.500 0 0 1 6.500 4h11A2.500 2.500 0 0 1 20 6.500v7a2.500 2.500 0 0 1-2.500 2.500H11l-4.600 4v-4A2.400 2.400 0 0 1 4 13.500Z"/>`,
  phone: svg`<rect x="7" y="3" width="10" height="18" rx="2.400"/><path d="M11 17.800h2"/>`,
  laptop: svg`<rect x="4.500" y="5" width="15" height="10.500" rx="1.800"/><path d="M2.500 19h19"/>`,
  headset: svg`<path d="M4.500 14v-2a7.500 7.500 0 0 1 15 0v2"/><rect x="3.500" y="13" width="4" height="6" rx="1.800"/><rect x="16.500" y="13" width="4" height="6" rx="1.800"/><path d="M18.500 19c0 1.600-2 2.500-4.500 2.500"/>`,
  inbox: svg`<path d="M4 13.500 6.400 6a2 2 0 0 1 1.900-1.400h7.400A2 2 0 0 1 17.600 6L20 13.500V18a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2Z"/><path d="M4 13.500h4.500a3.500 3.500 0 0 0 7 0H20"/>`,
  wrench: svg`<path d="M14.600 6.600a4.300 4.300 0 0 1 5.600-1.800l-2.800 2.800 1 2 2 1 2-2.100a4.300 4.300 0 0 1-6 5.100L9.600 20.400a2.100 2.100 0 0 1-3-3l6.800-6.800a4.300 4.300 0 0 1 1.200-4Z" transform="translate(-1.500 -.5)"/>`,
  leave: svg`<path d="M14 4.500H7a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2h7M10.500 12H20m0 0-3.500-3.500M20 12l-3.500 3.500"/>`,
  plus: svg`<path d="M12 5.5v13M5.5 12h13"/>`,
  software: svg`<path d="M12 4v10m0 0-4-4m4 4 4-4"/><path d="M4.500 16.500V18a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-1.500"/>`,
  sliders: svg`<path d="M4 8h9m5.500 0H20M4 16h1.500m5 0H20"/><circle cx="15.700" cy="8" r="2.600"/><circle cx="8" cy="16" r="2.600"/>`,
  again: svg`<path d="M19 12a7 7 0 1 1-2.100-5M19.200 3.800v3.700h-3.700"/>`,
} as const;

export type IconName = keyof typeof SHAPES;

export function icon(name: IconName, size = 22): TemplateResult {
  return html`<svg class="icon" aria-hidden="true" width=${size} height=${size} viewBox="0 0 24 24" fill="none"
    stroke="currentColor" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round">${SHAPES[name]}</svg>`;
}
