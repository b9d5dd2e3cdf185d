// Keys for what the page can do by links and buttons anyway, and a look at values before they are kept.
"use strict";

const NAMED = "input:not([type=radio]):not([type=checkbox]), textarea, select";
let marksApart = false;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const dialog = document.getElementById("keys");
  if (event.key === "Escape" && event.target.matches(NAMED)) return event.target.blur();
  if (event.target.matches(NAMED) || dialog.open) return;
  if (act(event.key)) event.preventDefault();
});

function act(key) {
  if (key === "?") return document.getElementById("keys").showModal() ?? true;
  if (key === "/" || key === "n") return focus(document.getElementById(key === "/" ? "search" : "note"));
  if (key === "x") return (marksApart = true);
  if (/^[1-9]$/.test(key)) return choose(key);
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (target) return target.click() ?? true;
  if (key === "u") return document.getElementById("done")?.click() ?? true;
  return key === "j" || key === "k" ? walk(key === "j" ? 1 : -1) : false;
}

function focus(element) {
  element?.focus();
  return Boolean(element);
}

function choose(number) {
  const name = marksApart ? "out" : "survivor";
  marksApart = false;
  document.querySelector(`input[name="${name}"][data-number="${number}"]`)?.click();
  return true;
}

function walk(step) {
  const links = [...document.querySelectorAll(".queue tbody a")];
  const at = links.indexOf(document.activeElement);
  return focus(links[Math.min(Math.max(at + step, 0), links.length - 1)]);
}

// The value chosen of a field, as it will be merged. The server says the same once it is kept.
document.addEventListener("change", ({ target }) => {
  if (!target.name?.startsWith("field:")) return;
  const result = target.closest("tr").querySelector(".result ul");
  result.dataset.byRule ??= JSON.stringify([...result.children].map((item) => [...item.children].map((part) => part.textContent)));
  const rows = target.value === "" ? JSON.parse(result.dataset.byRule) : [[valueOf(target.closest("td")), "chosen"]];
  result.replaceChildren(...rows.map(([text, from]) => item(text, from)));
});

function valueOf(cell) {
  const copy = cell.cloneNode(true);
  copy.querySelector("label")?.remove();
  return copy.textContent.trim();
}

function item(text, from) {
  const line = document.createElement("li");
  const value = document.createElement("span");
  const origin = document.createElement("small");
  value.textContent = text;
  origin.textContent = from ?? "";
  origin.className = "from";
  line.append(value, " ", origin);
  return line;
}
