// Keys for what the page can do by links and buttons anyway, and a look at the merged record before it is kept.
"use strict";

const NAMED = "input:not([type=radio]):not([type=checkbox]), textarea, select";
const form = document.getElementById("decide");
let marksApart = false;

document.addEventListener("keydown", (event) => {
  const marked = marksApart;
  markApart(false);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const dialog = document.getElementById("keys");
  if (event.key === "Escape" && event.target.matches(NAMED)) return event.target.blur();
  if (event.target.matches(NAMED) || dialog.open) return;
  // A key that is held down decides once, and not every proposal that comes after.
  const isWalk = (event.key === "j" || event.key === "k") && document.querySelector(".queue");
  if (event.repeat && !isWalk) return;
  const isChoice = event.target.matches("#decide input");
  if ((event.key === "Enter" && isChoice) || act(event.key, marked)) event.preventDefault();
});

function act(key, marked) {
  if (key === "?") return document.getElementById("keys").showModal() ?? true;
  if (key === "n") return focus(document.getElementById("note"));
  if (key === "/") return search();
  if (key === "x") return markApart(Boolean(form) && !marked);
  if (/^[1-9]$/.test(key)) return choose(key, marked ? "out" : "survivor");
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (target) return target.click() ?? true;
  return key === "j" || key === "k" ? walk(key === "j" ? 1 : -1) : false;
}

function focus(element) {
  element?.focus();
  return Boolean(element);
}

// The field to search in; a page without one goes to the list, which then has it.
function search() {
  if (focus(document.getElementById("search"))) return true;
  const list = document.querySelector('[data-key="q"]');
  if (list) location.assign(`${list.href}#search`);
  return Boolean(list);
}
if (location.hash === "#search") focus(document.getElementById("search"));

// Whether the next number marks a record as apart; the page says so while it does.
function markApart(isNext) {
  marksApart = isNext;
  const pending = document.getElementById("pending");
  if (pending) pending.textContent = isNext ? pending.dataset.words : "";
  return true;
}

function choose(number, name) {
  document.querySelector(`input[name="${name}"][data-number="${number}"]`)?.click();
  return true;
}

function walk(step) {
  const links = [...document.querySelectorAll(".queue tbody a")];
  const at = links.indexOf(document.activeElement);
  return focus(links[Math.min(Math.max(at + step, 0), links.length - 1)]);
}

// A page sends one form. One that the browser brings back from its memory may send again.
let isSent = false;
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  if (isSent) event.preventDefault();
  isSent = true;
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) isSent = false;
});

// The merged record as it is filled in: the server is asked, and writes nothing. Only the last answer counts.
let asked = 0;
form?.addEventListener("change", async ({ target }) => {
  if (target.id === "note") return;
  const number = (asked += 1);
  const results = new Map([...form.querySelectorAll("tr[data-field]")].map((row) => [row.dataset.field, row.querySelector(".result")]));
  for (const cell of results.values()) cell.classList.add("old");
  const page = await look().catch(() => null);
  if (number !== asked || !page) return;
  for (const row of page.querySelectorAll("tr[data-field]")) {
    const cell = results.get(row.dataset.field);
    cell?.querySelector("ul").replaceWith(row.querySelector(".result ul"));
    cell?.classList.remove("old");
  }
});

async function look() {
  const answer = await fetch(form.getAttribute("action").replace(/decide$/, "look"), {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
  });
  return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
}
