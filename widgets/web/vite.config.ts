// Five pages, one design. Nothing may be inlined: the pages live under a strict
// Content-Security-Policy, so every script, style and font is a file of its own.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** Styles live in css`…` literals, which no minifier looks into: their comments and spaces are taken out here. */
function slimStyles(): Plugin {
  const slim = (text: string) =>
    text
      .replace(/\/\*[^]*?\*\//g, "")
      .replace(/\s+/g, " ")
      .replace(/ ?([{};,]) ?/g, "$1")
      .replace(/: /g, ":");
  return {
    name: "slim-styles",
    apply: "build",
    enforce: "pre",
    transform: (code, id) =>
      id.includes("/src/") && id.endsWith(".ts") ? { code: code.replace(/css`([^`$]*)`/g, (_, text: string) => `css\`${slim(text)}\``), map: null } : null,
  };
}

/** A compressed copy beside each script and style, so that no server spends time on it. */
function compressed(): Plugin {
  let folder = "";
  return {
    name: "compressed",
    apply: "build",
    configResolved: (config) => void (folder = join(config.root, config.build.outDir, "assets")),
    closeBundle: () => {
      for (const name of readdirSync(folder).filter((found) => /\.(js|css|svg)$/.test(found)))
        writeFileSync(join(folder, `${name}.gz`), gzipSync(readFileSync(join(folder, name)), { level: 9 }));
    },
  };
}

export default defineConfig({
  base: "/",
  plugins: [slimStyles(), compressed()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: ["chrome123", "edge123", "firefox121", "safari17.5"],
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        index: "index.html",
        customer: "customer.html",
        agent: "agent.html",
        operator: "operator.html",
        devices: "devices.html",
      },
    },
  },
  server: { fs: { allow: ["../.."] } },
});
