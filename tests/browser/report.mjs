// The report page in a real browser: opened from disk, it asks for nothing, says what summary.json says, and can be used
// with a keyboard, by a screen reader, on a telephone, in the dark and on paper.
//
// node report.mjs [FOLDER ...]   folders of finished reports; without any, those of testdata/golden

import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { LOOKS, checkAccessibility, checkWidth, open, run, screenshot } from "./lib.mjs";

const GOLDEN = fileURLToPath(new URL("../../testdata/golden/", import.meta.url));
const MAX_BYTES = 3_000_000;
const MAX_PROPOSALS = 200;

const given = process.argv.slice(2).map((folder) => resolve(folder));
const reports = given.length > 0 ? given : ["sample", "damaged"].map((name) => join(GOLDEN, name));

await run(async (test) => {
  for (const folder of reports) {
    const json = async (name) => JSON.parse(await readFile(join(folder, name), "utf8"));
    const summary = await json("summary.json");
    const profile = summary.audit ? await json("profile.json") : undefined;
    const bytes = (await readFile(join(folder, "index.html"))).length;
    test.check(bytes < MAX_BYTES, `${folder}: the page has ${bytes} bytes`);

    const url = pathToFileURL(join(folder, "index.html")).href;
    const isAllowed = (wanted) => wanted === url;
    for (const { scheme, width } of LOOKS) {
      await open(test, url, { scheme, width, isAllowed }, async (page, name) => {
        await checkWidth(test, page, name);
        await checkColours(test, page, name, scheme);
        await checkAccessibility(test, page, name);
        await screenshot(page, name);
        await checkKeyboard(test, page, name);
        await checkOpened(test, page, name);
        if (scheme === "light" && width === 1280) {
          await checkNumbers(test, page, name, summary, profile);
          await checkStructure(test, page, name);
        }
        await checkPaper(test, page, name);
      });
    }
  }
});

/** The numbers of the page are those of `summary.json`. */
async function checkNumbers({ check }, page, name, summary, profile) {
  const equal = (shown, expected, what) =>
    check(JSON.stringify(shown) === JSON.stringify(expected), `${name}: ${what}: ${JSON.stringify(shown)}, not ${JSON.stringify(expected)}`);
  const number = (text) => Number(text.replace(/[^0-9]/g, ""));
  const cells = (selector) =>
    page.$$eval(selector, (rows) =>
      rows.map((row) => [row.querySelector("th").firstChild.textContent.trim(), row.querySelector(".n").textContent]),
    );
  const table = async (selector) => Object.fromEntries((await cells(selector)).map(([key, n]) => [key, number(n)]));
  const heading = async (id) => number(await page.locator(`#${id} > h2`).innerText());
  const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  const barSum = async (id) =>
    sum(await page.$$eval(`#${id} svg[role=img] rect title`, (titles) => titles.map((title) => Number(title.textContent.split(": ").pop().replace(/[^0-9]/g, "")))));

  const totals = await page.$$eval(".totals > div", (cards) =>
    cards.map((card) => [card.querySelector("dt").textContent, card.querySelector(".value").textContent, card.querySelector(".notes").innerText]),
  );
  const total = Object.fromEntries(totals.map(([key, value]) => [key, number(value)]));
  const funnel = await table("#funnel tr");
  equal(total.records, summary.records.processed, "records");
  equal(funnel.records, summary.records.processed, "records of the funnel");
  equal(await heading("rejects"), summary.records.rejected, "rejects");

  const found = summary.duplicates;
  if (found) {
    const n = found.counts;
    equal(total["proposals to merge"], n.merge_proposals, "merge proposals");
    equal(total["proposals to review"], n.review_proposals, "review proposals");
    equal(await heading("merge"), n.merge_proposals, "merge proposals of the heading");
    equal(await heading("review"), n.review_proposals, "review proposals of the heading");
    equal(
      [funnel.keys, funnel.blocks, funnel["candidate pairs"], funnel.compared, funnel.matches, funnel.proposals],
      [n.keys, n.blocks, n.candidate_pairs, n.compared, n.merge_pairs + n.review_pairs, n.merge_proposals + n.review_proposals],
      "funnel",
    );
    const nShown = await page.locator("details.proposal").count();
    equal(nShown, Math.min(MAX_PROPOSALS, n.merge_proposals + n.review_proposals), "proposals shown");
    const nDrawn = await page.$$eval("details.proposal", (all) => all.filter((one) => one.querySelector(".waterfall svg[role=img]")).length);
    equal(nDrawn, nShown, "proposals with a waterfall");
    if (n.compared > 0) equal(await barSum("scores"), n.compared, "pairs of the histogram");
    equal(await barSum("scores"), sum(found.weights.pairs_per_bit), "pairs per bit");
    const sizes = (await cells("#blocks .bars tr")).map(([label, count]) => [label.match(/[\d\s\u202f]+/g).map(number), number(count)]);
    const expected = found.block_sizes.map(({ from, to, blocks }) => [from === to ? [from] : [from, to], blocks]);
    equal(sizes, expected, "blocks by size");
    equal(sum(sizes.map(([, count]) => count)), n.blocks, "blocks of all sizes");
    const largest = await page.$$eval("#blocks .largest tbody tr", (rows) =>
      rows.map((row) => [row.querySelector(".n").textContent, row.lastElementChild.textContent]),
    );
    equal(largest.map(([count, how]) => [number(count), how]), found.largest_blocks.map(({ records, done }) => [records, done.startsWith("divided") ? "divided" : "whole"]), "largest blocks");
  }

  const audit = summary.audit;
  if (audit) {
    equal(total.findings, audit.findings, "findings");
    equal(await heading("findings"), audit.findings, "findings of the heading");
    equal(funnel.findings, audit.findings, "findings of the funnel");
    if (audit.findings > 0) equal(sorted(await table(".severities tr")), sorted(audit.by_severity), "findings by severity");
    const rules = await page.$$eval("details.rule", (all) => all.map((rule) => [rule.id, rule.querySelector("summary .n").textContent]));
    equal(sorted(Object.fromEntries(rules.map(([code, n]) => [code, number(n)]))), sorted(audit.by_rule), "findings by rule");
    const nWithout = await page.$$eval("details.rule", (all) => all.filter((rule) => !rule.querySelector(".examples tbody tr")).length);
    equal(nWithout, 0, "rules without an example");
    equal(await barSum("profile"), sum(Object.values(profile.catalogue.years.by_year)), "records by year");
    check((await page.locator(".heat tbody tr").count()) > 0, `${name}: no completeness`);
  }

  const fixes = summary.fixes;
  if (fixes) {
    equal(total["safe repairs"], fixes.patches, "safe repairs");
    equal(await heading("fixes"), fixes.patches, "safe repairs of the heading");
    equal(sorted(await table("#fixes > .bars:not(h3 ~ .bars) tr")), sorted(fixes.by_rule), "repairs by rule");
    equal(sum((await cells("#fixes > h3 ~ .bars tr")).map(([, n]) => number(n))), sum(Object.values(fixes.withheld_by_reason)), "repairs withheld");
  }
}

/** One h1, no level of headings left out, landmarks, named charts, heads of tables. */
async function checkStructure({ check }, page, name) {
  const wrong = await page.evaluate(() => {
    const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map((heading) => Number(heading.tagName[1]));
    const jumps = levels.filter((level, at) => at > 0 && level > levels[at - 1] + 1);
    const lacks = (selector, n = 1) => (document.querySelectorAll(selector).length === n ? [] : [`${n} of ${selector}`]);
    const unnamed = [...document.querySelectorAll("svg:not([aria-hidden])")].filter(
      (svg) => svg.getAttribute("role") !== "img" || !(svg.ariaLabel || (svg.querySelector("title") && svg.querySelector("desc"))),
    );
    return [
      ...lacks("h1"),
      ...lacks("main"),
      ...lacks("header"),
      ...lacks("footer"),
      ...lacks("nav[aria-label]"),
      ...lacks("html[lang=en]"),
      ...(jumps.length > 0 ? [`${jumps.length} jumps of headings`] : []),
      ...(unnamed.length > 0 ? [`${unnamed.length} charts without a name`] : []),
      ...[...document.querySelectorAll("th:not([scope])")].map(() => "a head of a table without scope"),
      ...[...document.querySelectorAll("script, link, img, iframe, [src]")].map((element) => `a ${element.tagName}`),
      ...[...document.querySelectorAll("nav a")].filter((a) => !document.querySelector(a.hash)).map((a) => `no ${a.hash}`),
    ];
  });
  check(wrong.length === 0, `${name}: ${wrong.join("; ")}`);
}

/** From the top to an open proposal, or rule, by keys alone. */
async function checkKeyboard({ check }, page, name) {
  const focused = () => page.evaluate(() => document.activeElement.outerHTML.slice(0, 120));
  await page.keyboard.press("Tab");
  check((await focused()).includes('class="skip"'), `${name}: the first Tab goes to ${await focused()}`);
  const top = await page.locator(".skip").evaluate((skip) => skip.getBoundingClientRect().top);
  check(top >= 0, `${name}: the skip link is not seen when it is reached`);
  await page.keyboard.press("Enter");
  check((await page.evaluate(() => location.hash)) === "#main", `${name}: the skip link leads nowhere`);

  const closed = "details.proposal:not([open]) > summary, details.rule:not([open]) > summary";
  if ((await page.locator(closed).count()) === 0) return;
  const isReached = () => page.evaluate((selector) => document.activeElement.matches(selector), closed);
  let nTabs = 0;
  while (nTabs < 400 && !(await isReached())) {
    await page.keyboard.press("Tab");
    nTabs += 1;
  }
  check(await isReached(), `${name}: ${nTabs} Tabs lead to no proposal and no rule`);
  const state = () =>
    page.evaluate(() => {
      const { parentElement: details } = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
      return { isOpen: details.open, isSeen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2, height: details.offsetHeight };
    });
  const before = await state();
  await page.keyboard.press("Enter");
  const after = await state();
  check(before.isSeen, `${name}: one does not see what has the focus`);
  check(after.isOpen && after.height > before.height + 50, `${name}: Enter does not open it`);
  await page.keyboard.press("Space");
  check(!(await state()).isOpen, `${name}: Space does not close it`);
}

/** With everything open, nothing sticks out and everything is accessible; one box opens all of a section. */
async function checkOpened(test, page, name) {
  const { check } = test;
  const box = page.locator(".open-all input").first();
  if ((await box.count()) > 0) {
    const last = page.locator("section:has(.open-all) > details:not([open])").first();
    const before = (await last.boundingBox()).height;
    await box.focus();
    await page.keyboard.press("Space");
    const isHere = await last.evaluate((details) => details.parentElement.querySelector(".open-all input").checked);
    check(isHere && (await last.boundingBox()).height > before + 50, `${name}: “Open all” does not open all`);
    await page.keyboard.press("Space");
  }
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
  await checkWidth(test, page, `${name} opened`);
  await checkAccessibility(test, page, `${name} opened`);
  await screenshot(page, `${name} opened`);
}

/** The scheme that was asked for: dark ink on light paper, or the reverse. */
async function checkColours({ check }, page, name, scheme) {
  const { ink, paper } = await inkAndPaper(page);
  check(scheme === "dark" ? ink > paper + 0.5 : paper > ink + 0.5, `${name}: ink ${ink} on paper ${paper}`);
}

/** Paper is white in both schemes, and what only a screen can use is gone. */
async function checkPaper({ check }, page, name) {
  await page.emulateMedia({ media: "print" });
  const { ink, paper } = await inkAndPaper(page);
  check(paper > 0.999 && ink < 0.3, `${name} printed: ink ${ink} on paper ${paper}`);
  check(!(await page.locator("nav").isVisible()), `${name} printed: links to sections`);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  check(pdf.length > 10_000, `${name} printed: ${pdf.length} bytes of PDF`);
}

/** Lightness of text and background, from 0 to 1. */
function inkAndPaper(page) {
  return page.evaluate(() => {
    const lightness = (colour) => {
      const [red, green, blue] = colour.match(/[\d.]+/g).map(Number);
      return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
    };
    const { color, backgroundColor } = getComputedStyle(document.body);
    return { ink: lightness(color), paper: lightness(backgroundColor) };
  });
}
