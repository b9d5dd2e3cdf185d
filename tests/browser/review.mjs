// The steward's desk in a real browser: a person filters, decides by keys, splits, chooses, undoes, loses the server in the
// middle, starts it again, and finds everything kept and obeyed by the next run.
//
// node review.mjs [EXPORT]   without one, testdata/sample.jsonl

import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { LOOKS, checkAccessibility, checkWidth, open, run, screenshot, skip } from "./lib.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PROGRAM = process.env.SHELFREAD ?? join(ROOT, "target/release/shelfread");
if (!existsSync(PROGRAM)) skip(`${PROGRAM} (cargo build --release), or SHELFREAD`);

const exported = resolve(process.argv[2] ?? join(ROOT, "testdata/sample.jsonl"));
const place = await mkdtemp(join(tmpdir(), "shelfread-review-"));
const report = join(place, "report");
const store = join(place, "decisions.sqlite");

function shelfread(...args) {
  const { status, stdout, stderr } = spawnSync(PROGRAM, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  if (status === 2) throw new Error(`shelfread ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** Starts the server and waits for its address. */
async function serve(of = report, decisions = store) {
  const child = spawn(PROGRAM, ["review", of, "--decisions", decisions, "--no-browser", "--user", "eva", "-q"], { stdio: ["ignore", "pipe", "inherit"] });
  const line = await new Promise((found, failed) => {
    createInterface(child.stdout).once("line", found);
    child.once("exit", (code) => failed(new Error(`the server ended with ${code}`)));
  });
  return { url: line.replace("review ", ""), stop: () => new Promise((done) => child.once("exit", done) && child.kill("SIGKILL")) };
}

const lines = async (path) => (await readFile(path, "utf8")).trim().split("\n").map((line) => JSON.parse(line));
const rulings = () => shelfread("decisions", "export", store).trim().split("\n").filter(Boolean).map((line) => JSON.parse(line));

try {
  shelfread("check", exported, "-q", "-o", report);
  const proposals = await lines(join(report, "proposals.jsonl"));
  await run(async (test) => {
    let server = await serve();
    try {
      await looks(test, server, proposals);
      server = await decides(test, server, proposals);
    } finally {
      await server.stop();
    }
    await isObeyed(test);
    await isApplied(test);
    await hasPages(test);
  });
} finally {
  await rm(place, { recursive: true });
}

/** Every view, in both colour schemes, on a desk and on a telephone. */
async function looks(test, { url }, proposals) {
  const isAllowed = (wanted) => wanted.startsWith(url);
  const code = (await lines(join(report, "findings.jsonl")))[0].code;
  const large = [...proposals].sort((a, b) => b.members.length - a.members.length)[0];
  const doubtful = proposals.find(({ decision }) => decision === "review") ?? proposals[0];
  const views = {
    queue: "?band=any",
    empty: "?q=nothing+has+these+words",
    large: `proposal/${large.proposal}?band=any`,
    doubtful: `proposal/${doubtful.proposal}`,
    record: `proposal/${large.proposal}/record/0`,
    rules: "findings",
    findings: `findings/${code}`,
  };
  for (const { scheme, width } of LOOKS) {
    for (const [view, path] of Object.entries(views)) {
      // The server's own policy is in force here.
      await open(test, `${url}${path}`, { scheme, width, bypassCSP: false, isAllowed }, async (page) => {
        const name = `review ${view} ${scheme} ${width}`;
        await checkWidth(test, page, name);
        if (view === "large") await checkHead(test, page, name);
        await checkAccessibility(test, page, name);
        await screenshot(page, name);
      });
    }
  }
}

/** The head of the records stays in sight while they are scrolled, and nothing is cut off on paper. */
async function checkHead({ check }, page, name) {
  const top = () => page.locator(".records thead th").first().evaluate((head) => head.getBoundingClientRect().top - head.closest(".scroll").getBoundingClientRect().top);
  await page.locator("#decide .scroll").evaluate((scroll) => scroll.scrollTo(0, scroll.scrollHeight));
  check(Math.abs(await top()) < 3, `${name}: the head is ${await top()} px away from the top`);
  await page.locator("#decide .scroll").evaluate((scroll) => scroll.scrollTo(0, 0));
  await page.emulateMedia({ media: "print" });
  const size = page.viewportSize();
  await page.setViewportSize({ width: 680, height: 900 }); // A4 less its margins.
  await checkWidth({ check }, page, `${name} on paper`);
  await page.setViewportSize(size);
  await page.emulateMedia({ media: null });
}

/** One sitting at the desk. */
async function decides(test, server, proposals) {
  const { check } = test;
  const isAllowed = (wanted) => /^http:\/\/127\.0\.0\.1:\d+\//.test(wanted);
  const state = (page) => page.locator("#state").innerText();
  const id = (page) => new URL(page.url()).pathname.split("/")[2];
  const key = async (page, name) => {
    await Promise.all([page.waitForNavigation(), page.keyboard.press(name)]);
  };
  // The merged record as it is filled in was asked for, and shown.
  const answered = async (page) => {
    const answer = await page.waitForResponse((response) => response.url().endsWith("/look"));
    check(answer.status() === 200, `the merged record: ${answer.status()}`);
    await page.waitForFunction(() => !document.querySelector(".result.old"));
  };
  const decided = [];
  let kept;
  // One refusal is part of the sitting, and the browser says so.
  const told = { ...test, check: (isTrue, what) => check(isTrue || what.includes("status of 422"), what) };
  await open(told, `${server.url}?band=any`, { bypassCSP: false, isAllowed }, async (page) => {
    const title = proposals[0].members[0].title.split(/\s+/).find((word) => word.length > 4);
    await page.keyboard.press("/");
    await page.keyboard.type(title);
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    const found = await page.locator(".queue tbody tr").count();
    check(found > 0 && found < proposals.length, `search for ${title} finds ${found}`);
    await page.goto(`${server.url}?band=any`);

    await page.keyboard.press("j");
    await key(page, "Enter");
    const first = id(page);
    await key(page, "/");
    check(await page.evaluate(() => document.activeElement?.id === "search"), "/ leads from a proposal to the search");
    await page.goBack();
    const radio = page.locator('td input[name^="field:"]:not([value=""])').first();
    const [field, number] = [await radio.getAttribute("name"), await radio.getAttribute("value")];
    const row = radio.locator("xpath=ancestor::tr");
    await Promise.all([answered(page), radio.check()]);
    const holder = await page.locator(`input[name=survivor][value="${number}"]`).locator("xpath=ancestor::th").locator(".id").first().innerText();
    const from = await row.locator(".result .from").first().textContent();
    check(from.includes(holder), `${field}: the choice of ${holder} is not shown, but ${from}`);
    await Promise.all([answered(page), row.locator(".result input").check()]);
    await Promise.all([answered(page), radio.check()]);
    await page.keyboard.press("Enter");
    await page.waitForTimeout(300);
    check(id(page) === first && rulings().length === 0, "Enter in a radio button decides nothing");
    await Promise.all([answered(page), page.keyboard.press("2")]);
    check(await page.locator('input[name=survivor][data-number="2"]').isChecked(), "2 chooses the second record");
    await page.keyboard.press("n");
    await page.keyboard.type("seen");
    await page.keyboard.press("Escape");
    await key(page, "a");
    decided.push([first, "accept"]);
    kept = { field: field.slice("field:".length), number: Number(number), first };
    check(id(page) !== first, "the next proposal follows");

    const second = id(page);
    await key(page, "r");
    decided.push([second, "reject"]);
    const third = id(page);
    await key(page, "d");
    check((await page.locator(".done").innerText()).includes("defer"), "what was done is said");
    await key(page, "u");
    check(id(page) === third && (await state(page)) === "open", "undo takes it back");
    await holds(test, page, `${server.url}proposal/${third}?band=any`);
    const split = proposals.find(({ proposal, members }) => members.length > 2 && ![first, second, third].includes(proposal));
    if (split) {
      await page.goto(`${server.url}proposal/${split.proposal}?band=any`);
      const isOut = () => page.locator("input[name=out]:checked").count();
      for (const other of ["Escape", "n", "x"]) {
        await page.keyboard.press("x");
        check((await page.locator("#pending").innerText()).includes("number"), "x says that a number is awaited");
        await page.keyboard.press(other);
        if (other === "n") await page.keyboard.press("Escape");
        check((await page.locator("#pending").textContent()) === "", `${other} cancels x`);
        await page.keyboard.press("1");
        check((await isOut()) === 0, `1 after x and ${other} marks nothing`);
      }
      await page.keyboard.press("x");
      await Promise.all([answered(page), page.keyboard.press("3")]);
      check((await isOut()) === 1, "x and 3 mark one record");
      await key(page, "r");
      check((await page.locator("[role=alert]").innerText()).includes("take the marks away"), "a refusal says what to do");
      check((await isOut()) === 1, "and keeps the mark");
      await key(page, "s");
      decided.push([split.proposal, "split"]);
    }
    await page.keyboard.press("?");
    check(await page.locator("#keys").isVisible(), "? shows the keys");
    await page.keyboard.press("Escape");
    await page.goto(`${server.url}proposal/${first}`);
    await page.reload();
    check((await state(page)) === "accept", "a reload shows what was decided");
    check((await page.locator("#note").inputValue()) === "seen", "and the note");
    await screenshot(page, "review decided");
  });

  await withoutScripts(test, `${server.url}proposal/${proposals.at(-1).proposal}?band=any`);
  await server.stop();
  const again = await serve();
  await open(test, again.url, { bypassCSP: false, isAllowed }, async (page) => {
    for (const [proposal, decision] of decided) {
      await page.goto(`${again.url}proposal/${proposal}`);
      check((await state(page)) === decision, `${proposal} is ${await state(page)} after a kill, not ${decision}`);
    }
    await page.goto(`${again.url}proposal/${kept.first}`);
    const chosen = page.locator(`td:not(.result) input[name="field:${kept.field}"]:checked`);
    check((await chosen.getAttribute("value")) === String(kept.number), "the chosen value is kept");
  });
  return again;
}

/** A key that is held down, or pressed twice, decides one proposal; `u` takes back the last decision, wherever it is offered. */
async function holds({ check }, page, url) {
  const id = () => new URL(page.url()).pathname.split("/")[2];
  const n = rulings().length;
  await page.goto(url);
  const held = id();
  await Promise.all([page.waitForNavigation(), page.keyboard.down("d")]);
  for (let repeat = 0; repeat < 5; repeat += 1) await page.keyboard.down("d");
  await page.keyboard.up("d");
  await page.waitForTimeout(300);
  check(rulings().length === n + 1, `a key held down makes ${rulings().length - n} decisions`);
  const next = id();
  check(next !== held, "the next proposal is shown");
  await Promise.all([page.waitForNavigation(), page.evaluate(() => {
    for (const name of ["a", "a"]) document.body.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true }));
  })]);
  await page.waitForTimeout(300);
  check(rulings().length === n + 2, `two presses at once make ${rulings().length - n - 1} decisions`);
  await Promise.all([page.waitForNavigation(), page.keyboard.press("u")]);
  check(id() === next && (await page.locator("#state").innerText()) === "open", "u takes back the last decision");
  // The list offers it, too.
  await page.goto(url.replace(/proposal.*/, `?done=${held}`));
  await Promise.all([page.waitForNavigation(), page.keyboard.press("u")]);
  check(id() === held && (await page.locator("#state").innerText()) === "open", "u in the list takes back the one it names");
}

/** Everything works without scripts, and Enter in a choice decides nothing then either. */
async function withoutScripts({ browser, check }, url) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  const n = rulings().length;
  await page.goto(url);
  await page.locator("#note").fill("two\nlines");
  await page.locator("input[name=survivor]").nth(1).check();
  await Promise.all([page.waitForNavigation(), page.locator("input[name=survivor]").nth(1).press("Enter")]);
  check(page.url().endsWith("/look") && rulings().length === n, "Enter shows the page again and writes nothing");
  check((await page.locator("#note").inputValue()) === "two\nlines", "what was filled in is kept");
  await page.locator("[value=defer]").click();
  check(rulings().at(-1).note === "two\nlines", "a note keeps its lines");
  await page.locator(".done button, #history button").first().click();
  check((await page.locator("#state").innerText()) === "open", "undo is a button");
  await context.close();
}

/** A proposal of twelve records keeps what is filled in from page to page, and the merged record follows the last choice. */
async function hasPages(test) {
  const { check } = test;
  const copies = join(place, "copies.jsonl");
  const copy = (_, at) => ({
    id: `c.${String(at).padStart(2, "0")}`, title: "The natural history of the lesser kestrel in Spain", author: ["Alvarez, Maria"],
    publishDate: ["1999"], isbn: ["9783161484100"], format: ["Book"], publisher: [`House ${at}`],
  });
  await writeFile(copies, Array.from({ length: 12 }, copy).map((record) => `${JSON.stringify(record)}\n`).join(""));
  const large = join(place, "large");
  shelfread("check", copies, "-q", "-o", large);
  const [{ proposal }] = await lines(join(large, "proposals.jsonl"));
  const decisions = join(place, "large.sqlite");
  const server = await serve(large, decisions);
  const isAllowed = (wanted) => wanted.startsWith(server.url);
  const merged = (page) => page.locator('tr[data-field="publisher"] .result li span').first().innerText();
  const fresh = (page) => page.waitForFunction(() => !document.querySelector(".result.old"));
  try {
    await open(test, `${server.url}proposal/${proposal}?band=any`, { bypassCSP: false, isAllowed }, async (page) => {
      let n = 0;
      await page.route("**/look", async (route) => {
        // The first answer comes after the second one.
        if ((n += 1) === 1) await new Promise((done) => setTimeout(done, 600));
        await route.continue();
      });
      await page.keyboard.press("2");
      await page.keyboard.press("3");
      await page.waitForTimeout(1200);
      check((await merged(page)) === "House 2", `the last choice counts, not ${await merged(page)}`);
      await page.keyboard.press("x");
      await page.keyboard.press("3");
      await fresh(page);
      check((await merged(page)) === "House 0", `the rules choose among the rest, not ${await merged(page)}`);
      await page.keyboard.press("x");
      await page.keyboard.press("3");
      await page.keyboard.press("x");
      await page.keyboard.press("2");
      await page.locator('tr[data-field="publisher"] input[value="4"]').check();
      await page.locator("#note").fill("one\ntwo");
      await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "More records" }).click()]);
      check((await page.locator(".more").innerText()).includes("records 9 to 12 of 12"), "the page says which records it shows");
      check((await page.locator(".records thead .id").first().innerText()) === "c.02", "the leading record is the first on every page");
      check((await merged(page)) === "House 4", "a value chosen on another page counts");
      await page.locator('input[name=out][value="11"]').check();
      await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Records before" }).click()]);
      check((await page.locator("#note").inputValue()) === "one\ntwo", "the note comes along");
      await Promise.all([page.waitForNavigation(), page.keyboard.press("s")]);
      const [ruling] = shelfread("decisions", "export", decisions).trim().split("\n").map((line) => JSON.parse(line));
      const said = JSON.stringify([ruling.decision, ruling.out, ruling.survivor, ruling.fields, ruling.note]);
      check(said === '["split",["c.01","c.11"],"c.02",{"publisher":"c.04"},"one\\ntwo"]', `it was kept as ${said}`);
      await page.keyboard.press("u");
      await page.waitForURL(/proposal/);
      check((await page.locator("#state").innerText()) === "open", "u in the list undoes it");
    });
  } finally {
    await server.stop();
  }
}

/** The next run does as was said. */
async function isObeyed({ check }) {
  const next = join(place, "next");
  shelfread("check", exported, "-q", "-o", next, "--decisions", store);
  const proposals = await lines(join(next, "proposals.jsonl"));
  const last = Object.fromEntries(rulings().map((ruling) => [ruling.proposal, ruling]));
  for (const { proposal, decision, members } of Object.values(last)) {
    const same = proposals.find((other) => other.proposal === proposal);
    if (decision === "accept") check(same?.decision === "merge", `${proposal} was accepted and is ${same?.decision}`);
    if (decision === "reject") {
      const ids = new Set(members.map(({ id }) => id));
      const bridged = proposals.filter((other) => other.members.filter(({ id }) => ids.has(id)).length > 1);
      check(bridged.length === 0, `${proposal} was rejected and two of its records are together again`);
    }
    if (decision === "split") check(same === undefined, `${proposal} was split and is proposed again`);
  }
}

/** What was accepted is in the files to load, as it was chosen; what was rejected is not. */
async function isApplied({ check }) {
  const applied = join(place, "applied");
  shelfread("apply", report, "-q", "--decisions", store, "-o", applied);
  const groups = await lines(join(applied, "groups.jsonl"));
  const documents = Object.fromEntries((await lines(join(applied, "merged_documents.jsonl"))).map((one) => [one.id, one]));
  const withheld = new Set((await lines(join(applied, "withheld.jsonl"))).map(({ proposal }) => proposal));
  const together = (ids) => groups.some(({ members }) => ids.filter((id) => members.includes(id)).length > 1);
  const last = Object.fromEntries(rulings().map((ruling) => [ruling.proposal, ruling]));
  for (const { proposal, decision, members, survivor } of Object.values(last)) {
    const group = groups.find(({ proposals }) => proposals.includes(proposal));
    if (decision === "accept") {
      check(group?.survivor === survivor, `${proposal}: ${group?.survivor} leads, not ${survivor}`);
      const ids = documents[group?.group]?.local_ids_str_mv ?? [];
      check(members.every(({ id }) => ids.includes(id)), `${proposal}: the merged document lacks members`);
    }
    if (decision === "reject") {
      check(withheld.has(proposal) && !together(members.map(({ id }) => id)), `${proposal} was rejected and is applied`);
    }
  }
  const { group, members } = groups[0];
  const undone = join(place, "undone");
  shelfread("apply", applied, "--undo", group, "-q", "-o", undone);
  const restored = (await lines(join(undone, "restore.jsonl"))).map(({ id }) => id);
  check(restored.length === members.length, `${group}: ${restored.length} of ${members.length} records are restored`);
}
