// How the customer's home looks: the router's card, the tiles and the list of what was done.

import { css } from "lit";

export const home = css`
  :host {
    max-width: 40rem;
    margin: 0 auto;
    padding: 1.4rem 1rem 3rem;
  }
  h2 {
    font-size: 1.625rem;
    letter-spacing: -0.025em;
    margin-bottom: 1rem;
  }
  h3 {
    font-size: 1.125rem;
    margin: 2rem 0 0.75rem;
  }
  .router {
    position: relative;
    overflow: hidden;
    padding: 1.3rem 1.3rem 1.2rem;
    background: radial-gradient(120% 130% at 100% 0, var(--glow), transparent 62%), var(--surface);
    box-shadow: var(--shadow);
  }
  .top {
    display: flex;
    align-items: center;
    gap: 0.6rem;
    color: var(--soft);
    font-size: 0.9375rem;
    line-height: 1.3;
    padding-inline-end: 5.5rem;
  }
  .top .icon {
    width: 1.75rem;
    height: 1.75rem;
  }
  .top span {
    font-weight: 600;
    color: var(--ink);
  }
  .top small {
    display: block;
    font-size: 0.875rem;
    font-weight: 450;
    color: var(--soft);
  }
  .state {
    margin: 0.7rem 0 0.2rem;
    font-size: 2.25rem;
    line-height: 1.1;
    font-weight: 680;
    letter-spacing: -0.035em;
  }
  .excellent, .good { color: var(--good); }
  .fair { color: var(--warn); }
  .poor { color: var(--bad); }
  .contact {
    margin-top: 0.9rem;
    padding-top: 0.8rem;
    border-top: 1px solid var(--line);
    font-size: 0.9375rem;
    color: var(--soft);
    display: flex;
    align-items: center;
    gap: 0.5rem;
  }
  .contact i {
    width: 0.6rem;
    height: 0.6rem;
    border-radius: 50%;
    background: var(--good);
  }
  .contact.away i {
    background: none;
    box-shadow: inset 0 0 0 2px var(--edge);
  }
  .waves {
    position: absolute;
    top: 1.1rem;
    inset-inline-end: 1.1rem;
    width: 4.75rem;
    height: 4.75rem;
    color: var(--accent);
  }
  .waves path {
    animation: breathe 3.6s ease-in-out infinite;
  }
  .waves path:nth-child(2) { animation-delay: 0.35s; }
  .waves path:nth-child(3) { animation-delay: 0.7s; }
  @keyframes breathe {
    50% { opacity: 0.28; }
  }
  @container (max-width: 16rem) {
    .waves { display: none; }
    .top { padding: 0; }
  }
  .list {
    display: grid;
    gap: 0.6rem;
  }
  .tile {
    display: flex;
    align-items: center;
    gap: 0.9rem;
    width: 100%;
    min-height: 4rem;
    padding: 0.8rem 1rem;
    border: 1.5px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--ink);
    font-size: 1.0625rem;
    font-weight: 600;
    text-align: start;
    text-decoration: none;
    cursor: pointer;
    transition: border-color var(--motion), background var(--motion);
  }
  @media (hover: hover) {
    .tile:hover {
      border-color: var(--accent);
      background: var(--accent-wash);
    }
  }
  .tile .glyph {
    display: grid;
    place-items: center;
    flex: none;
    width: 2.6rem;
    height: 2.6rem;
    border-radius: 0.9rem;
    background: var(--accent-wash);
    color: var(--accent);
  }
  @media (hover: hover) {
    .tile:hover .glyph {
      background: var(--surface);
    }
  }
  .tile span:nth-child(2) {
    flex: 1;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .tile small {
    display: block;
    font-size: 0.875rem;
    font-weight: 450;
    color: var(--soft);
  }
  .tile > .icon {
    color: var(--soft);
  }
  .noticed .glyph {
    background: var(--warn-wash);
    color: var(--warn);
  }
  .tile.noticed small {
    color: var(--ink);
  }
  .now {
    margin-top: 0.9rem;
    border-color: var(--accent);
    background: var(--accent-wash);
  }
  .now .glyph {
    background: var(--surface);
  }
  ul.card {
    padding-block: 0.45rem;
  }
  .fix {
    display: flex;
    gap: 0.75rem;
    padding: 0.6rem 0;
  }
  .fix .icon {
    color: var(--good);
    margin-top: 0.1rem;
  }
  .fix small {
    display: block;
    color: var(--soft);
  }
  .empty {
    color: var(--soft);
  }
  .skeleton {
    height: 11rem;
    border-radius: var(--radius);
    background: linear-gradient(100deg, var(--sunken) 40%, var(--surface) 50%, var(--sunken) 60%) 0 0 / 300% 100%;
    animation: sheen 1.6s linear infinite;
  }
  @keyframes sheen {
    from { background-position: 100% 0; }
  }
  .several {
    display: flex;
    gap: 0.4rem;
    flex-wrap: wrap;
    margin-bottom: 0.75rem;
  }
`;
