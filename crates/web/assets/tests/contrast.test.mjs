// Checks the colours of app.css against WCAG 2.2 AA in both themes: `node crates/web/assets/tests/contrast.test.mjs`.
// Words need 4.5 to 1 on their ground, signs and edges of controls 3 to 1.
import { readFileSync } from "node:fs";

const css = readFileSync(new URL("../app.css", import.meta.url), "utf8");
const tokens = {};
for (const [, name, light, dark] of css.matchAll(/--([\w-]+):\s*light-dark\((#[0-9a-f]+),\s*(#[0-9a-f]+)\)/g)) tokens[name] = [light, dark];

function channels(hex) {
  const full = hex.length <= 5 ? [...hex.slice(1)].map((digit) => digit + digit).join("") : hex.slice(1);
  return [0, 2, 4, 6].map((at) => (full.length > at ? parseInt(full.slice(at, at + 2), 16) / 255 : 1));
}
/** A colour laid over an opaque one. */
function over(top, below) {
  const [alpha, under] = [channels(top)[3], channels(below)];
  return channels(top).slice(0, 3).map((part, place) => part * alpha + under[place] * (1 - alpha));
}
function luminance(rgb) {
  const [r, g, b] = rgb.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function ratio(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const pairs = [];
const words = (ink, ...grounds) => grounds.forEach((ground) => pairs.push([ink, ground, 4.5]));
const signs = (ink, ...grounds) => grounds.forEach((ground) => pairs.push([ink, ground, 3]));
const plain = ["ground", "surface", "raised", "sunken", "hover"];
words("ink", ...plain, "brand-soft", "info-ground", "good-ground", "warn-ground", "bad-ground", "critical-soft", "high-soft", "medium-soft", "low-soft", "none-soft");
words("ink-soft", ...plain, "brand-soft", "critical-soft", "high-soft", "medium-soft", "low-soft", "none-soft");
words("ink-faint", "surface", "sunken", "raised");
words("link", ...plain);
words("brand", "surface", "ground", "brand-soft");
words("on-brand", "brand", "brand-firm");
words("side-ink", "side", "side-here");
words("side-faint", "side");
for (const tone of ["neutral", "info", "good", "warn", "bad"]) {
  words(`${tone}-ink`, `${tone}-ground`, "surface");
  signs(`${tone}-firm`, "surface");
}
words("on-bad", "bad-firm");
words("bad-ink", "surface", "raised", "ground");
for (const band of ["critical", "high", "medium", "low", "none"]) {
  words(`${band}-on`, band);
  words(`${band}-ink`, `${band}-soft`);
}
for (const band of ["critical", "high", "low", "none"]) signs(band, "surface");
for (let place = 1; place <= 6; place += 1) signs(`paint-${place}`, "surface");
signs("edge", "surface", "ground", "sunken");
signs("focus", ...plain, "brand-soft");
signs("brand", "surface", "raised");

let failed = 0;
for (const [ink, ground, least] of pairs) {
  for (const [theme, name] of [[0, "light"], [1, "dark"]]) {
    if (!tokens[ink] || !tokens[ground]) throw new Error(`no token ${tokens[ink] ? ground : ink}`);
    const below = over(tokens[ground][theme], tokens.surface[theme]);
    const found = ratio(over(tokens[ink][theme], tokens.surface[theme]), below);
    if (found < least) {
      failed += 1;
      console.error(`${name}: --${ink} on --${ground} is ${found.toFixed(2)}, needs ${least}`);
    }
  }
}
if (failed > 0) process.exit(1);
console.log(`contrast: ${pairs.length} pairs hold in both themes`);
