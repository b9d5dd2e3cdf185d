// What all browser tests share: finding Chromium, opening pages, checking what every page must be.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const SKIPPED = "77";
const LEFT_OUT = fileURLToPath(new URL("../../scripts/left_out", import.meta.url));
const USUAL_PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Every page is looked at in both colour schemes, on a desk and on the narrowest telephone, which is also a desk enlarged four times (WCAG 1.4.10). */
export const LOOKS = ["light", "dark"].flatMap((scheme) => [1280, 320].map((width) => ({ scheme, width })));

/** Ends the test: left out with code 77, or failed if STRICT=1. */
export function skip(needs) {
  const what = `the test ${basename(process.argv[1])} in the browser`;
  process.exit(spawnSync(LEFT_OUT, [what, needs, SKIPPED], { stdio: "inherit" }).status ?? 1);
}

function chromiumPath() {
  const given = process.env.CHROMIUM;
  if (given && !existsSync(given)) skip(`a file that CHROMIUM names, not ${given}`);
  const found = given || USUAL_PATHS.find((path) => existsSync(path));
  return found ?? skip("Chromium, or its path in CHROMIUM");
}

async function modules() {
  try {
    const [{ chromium }, { default: axe }] = await Promise.all([import("playwright-core"), import("axe-core")]);
    return { chromium, axe };
  } catch (error) {
    return skip(`what npm ci installs in tests/browser (${error.message})`);
  }
}

/**
 * Runs `test` with a browser and ends the process: 0 if nothing was wrong, else 1.
 *
 * `test` gets `{ browser, check }`; `check(isTrue, what)` notes what is wrong and goes on.
 */
export async function run(test) {
  const { chromium } = await modules();
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const browser = await chromium.launch({ executablePath: chromiumPath(), args });
  let nChecks = 0;
  const wrong = [];
  const check = (isTrue, what) => {
    nChecks += 1;
    if (!isTrue) {
      wrong.push(what);
      console.error(`wrong: ${what}`);
    }
  };
  try {
    await test({ browser, check });
  } finally {
    await browser.close();
  }
  if (nChecks === 0) throw new Error("nothing was checked");
  console.log(`browser tests (Chromium ${browser.version()}): ${nChecks} checks, ${wrong.length} wrong`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
}

/**
 * Opens `url` in a fresh profile and calls `look(page)`. Anything on the console but plain output, any error, and any
 * request that `isAllowed(url)` refuses is noted as wrong; refused requests are not made.
 */
export async function open({ browser, check }, url, { scheme = "light", width = 1280, bypassCSP = true, isAllowed }, look) {
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: { width, height: 900 },
    // The report page's policy forbids scripts; the tests' own must run.
    bypassCSP,
    reducedMotion: "reduce",
  });
  const name = `${url.split("/").slice(-2).join("/")} ${scheme} ${width}`;
  try {
    await context.route("**/*", (route) => {
      const wanted = route.request().url();
      const isFine = isAllowed(wanted);
      check(isFine, `${name}: asks for ${wanted}`);
      return isFine ? route.continue() : route.abort();
    });
    const page = await context.newPage();
    page.on("console", (message) => {
      check(!["error", "warning"].includes(message.type()), `${name}: console ${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => check(false, `${name}: ${error.message}`));
    await page.goto(url);
    await look(page, name);
  } finally {
    await context.close();
  }
}

/** Nothing sticks out of the page to the right. */
export async function checkWidth({ check }, page, name) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  check(content <= window, `${name}: ${content} px of content in a window of ${window} px`);
}

/** axe finds nothing serious or critical, of WCAG 2.2 A and AA and of good practice. */
export async function checkAccessibility({ check }, page, name) {
  const { axe } = await modules();
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const grave = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  for (const { id, impact, help, nodes } of grave) {
    check(false, `${name}: ${impact}: ${id}: ${help}: ${nodes.length} times, first ${nodes[0].target} ${nodes[0].html.slice(0, 200)}`);
  }
  check(grave.length === 0, `${name}: ${grave.length} rules of accessibility broken`);
}

/** A picture of the page in the folder that SHELFREAD_SCREENSHOTS names, if it names one. */
export async function screenshot(page, name, options = { fullPage: true }) {
  const folder = process.env.SHELFREAD_SCREENSHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name.replace(/[^a-zA-Z0-9]+/g, "-")}.png`), ...options });
}
