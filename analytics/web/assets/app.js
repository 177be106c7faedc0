// The pages work without this; with it, files are sent with their progress and watched while read.
const desk = document.getElementById("desk");
const steps = desk ? Object.fromEntries(desk.dataset.steps.split(";").filter(Boolean).map((s) => s.split("="))) : {};
const small = 64 * 2 ** 20; // bytes up to which a file is hashed here, to tell at once that it is known

function line(text, kind) {
  const p = document.createElement("p");
  p.textContent = text;
  if (kind) p.className = kind;
  return p;
}

function link(href, text) {
  const a = document.createElement("a");
  a.href = href;
  a.textContent = text;
  return a;
}

function failed(item, problem) {
  item.className = "failed";
  item.append(line(problem.title || "—"), line(problem.remedy || "", "step"));
  if (problem.existing) item.append(link("/bao-cao/" + problem.existing.id, desk.dataset.open));
}

async function known(file) {
  if (file.size > small || !crypto.subtle) return null;
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const hex = Array.from(sum, (b) => b.toString(16).padStart(2, "0")).join("");
  const res = await fetch("/api/v1/reports?limit=1&sha256=" + hex);
  if (!res.ok) return null;
  return (await res.json()).reports[0] || null;
}

function send(file, item) {
  return new Promise((done) => {
    const bar = document.createElement("progress");
    bar.max = file.size || 1;
    bar.setAttribute("aria-label", file.name);
    item.append(bar);
    const form = new FormData();
    if (desk.dataset.replaces) {
      form.append("replaces", desk.dataset.replaces);
      form.append("reason", desk.elements.namedItem("reason").value);
    }
    form.append("file", file, file.name);
    const req = new XMLHttpRequest();
    req.upload.onprogress = (e) => { bar.value = e.loaded; };
    req.onloadend = () => {
      bar.remove();
      let answer = {};
      try { answer = JSON.parse(req.responseText); } catch { answer = { title: desk.dataset.cut, remedy: desk.dataset.retry }; }
      done({ ok: req.status === 202, answer });
    };
    req.open("POST", "/api/v1/reports");
    req.setRequestHeader("Accept-Language", document.documentElement.lang);
    req.send(form);
  });
}

function watch(id, step) {
  return new Promise((done) => {
    const events = new EventSource("/api/v1/events?id=" + encodeURIComponent(id));
    const look = async () => {
      const res = await fetch("/api/v1/reports/" + encodeURIComponent(id));
      if (!res.ok && res.status !== 410) return; // deleted: there is nothing to wait for any more
      const f = await res.json();
      if (res.status === 410 || ["visible", "waiting", "failed", "withdrawn", "replaced"].includes(f.state)) {
        events.close();
        clearInterval(timer);
        done(f);
      }
    };
    const timer = setInterval(look, 3000); // in case the stream is cut
    events.onopen = look;
    events.onmessage = (e) => {
      const p = JSON.parse(e.data);
      if (step && p.pages) step(desk.dataset.page + " " + p.page + "/" + p.pages);
      else if (step && steps[p.step]) step(steps[p.step]);
      if (["visible", "waiting", "failed", "deleted"].includes(p.state)) look();
    };
  });
}

async function take(file, list) {
  const item = document.createElement("li");
  item.append(line(file.name));
  list.append(item);
  if (file.size > Number(desk.dataset.max)) { // told before it is sent for nothing
    failed(item, { title: desk.dataset.large, remedy: desk.dataset.limit });
    return;
  }
  const before = await known(file).catch(() => null);
  if (before) {
    const at = new Date(before.received_at);
    const day = at.toLocaleDateString("en-GB") + " " + at.toLocaleTimeString("en-GB", { timeStyle: "short" }); // 29/11/2026 18:54, as everywhere here
    item.append(line(desk.dataset.known + " " + day + " " + desk.dataset.by + " " + before.received_by + ": " + before.file, "step"), link("/bao-cao/" + before.id, desk.dataset.open));
    return;
  }
  const { ok, answer } = await send(file, item);
  if (!ok) { failed(item, answer); return; }
  const step = line(desk.dataset.sending, "step");
  item.append(step);
  const f = await watch(answer.id, (text) => { step.textContent = text; });
  // What the report's page says first, it says here too: why it failed, whom to ask, what it may replace.
  const res = await fetch("/bao-cao/" + f.id).catch(() => null);
  if (res && res.ok) {
    const page = new DOMParser().parseFromString(await res.text(), "text/html");
    const said = Array.from(page.querySelectorAll("main > .notice"));
    said.unshift(...page.querySelectorAll(".stage .tally, .facts > .empty"));
    item.append(...said.map((n) => document.importNode(n, true)));
    // Places on that page are reached from here by its own address.
    for (const a of item.querySelectorAll('a[href^="#"], a[href^="?"]')) a.setAttribute("href", "/bao-cao/" + f.id + a.getAttribute("href"));
    for (const x of item.querySelectorAll("[id]")) x.removeAttribute("id");
  }
  if (f.state === "failed") item.className = "failed";
  step.remove();
  const open = link("/bao-cao/" + f.id, desk.dataset.open + (f.report ? " (" + f.report.facts + ")" : ""));
  open.className = "result";
  item.append(open);
}

if (desk) {
  const list = document.getElementById("sending");
  const input = document.getElementById("file");
  const all = async (files) => {
    // Two at a time: more would only share the same line.
    const queue = Array.from(files);
    const next = async () => { for (let f = queue.shift(); f; f = queue.shift()) await take(f, list); };
    await Promise.all([next(), next()]);
  };
  desk.addEventListener("submit", (e) => { e.preventDefault(); all(input.files).then(() => desk.reset()); });
  desk.addEventListener("dragover", (e) => { e.preventDefault(); desk.classList.add("over"); });
  desk.addEventListener("dragleave", () => desk.classList.remove("over"));
  desk.addEventListener("drop", (e) => { e.preventDefault(); desk.classList.remove("over"); all(e.dataTransfer.files); });
}

const reading = document.getElementById("reading");
if (reading) watch(reading.dataset.id, null).then(() => location.reload());

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const from = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(from.value ?? from.textContent);
    button.textContent += " ✓";
    button.disabled = true;
  });
}

// A long list is sifted by words, with or without marks; what is chosen stays, and a group of nothing goes.
const bare = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/g, "d");
for (const input of document.querySelectorAll("[data-sift]")) {
  const items = Array.from(document.querySelectorAll(input.dataset.sift), (of) => ({ of, text: bare(of.textContent), group: of.closest("fieldset, section") }));
  input.closest(".sift").hidden = false;
  input.addEventListener("input", () => {
    const words = bare(input.value).split(/\s+/);
    for (const x of items) x.of.hidden = !words.every((w) => x.text.includes(w)) && !x.of.querySelector(":checked");
    for (const x of items) x.group.hidden = items.every((y) => y.group !== x.group || y.of.hidden);
  });
}

// A link to what is folded opens it.
function unfold() {
  const at = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const folded = at && at.closest("details");
  if (folded && !folded.open) {
    folded.open = true;
    at.scrollIntoView();
  }
}
addEventListener("hashchange", unfold);
unfold();

// A chart wider than the screen shows the newest periods first.
for (const chart of document.querySelectorAll(".wide")) chart.scrollLeft = chart.scrollWidth;

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());

// The figure under the cursor is the one that the form speaks of. Confirming, correcting and
// rejecting stay on the page: the server answers with what stands in the ledger now.
const judge = document.getElementById("judge");
const field = (name) => judge.elements.namedItem(name);
function pick(row) {
  if (!judge) return;
  judge.classList.add("active"); // it covers rows only once one is chosen
  const radio = row.querySelector("input[name=fact]");
  if (radio) radio.checked = true;
  for (const name of ["value", "period", "kind", "code"]) field(name).value = row.dataset[name];
  field("reason").value = "";
  delete field("reason").dataset.then;
  measured(row.dataset.kind.startsWith("comparison") ? "%" : row.dataset.unit);
}
// The unit in which a value is typed stands beside its field.
function measured(unit) { judge.querySelector(".of").textContent = unit ? "(" + unit + ")" : ""; }
const unitOf = (code) => (code && field("code").querySelector('[value="' + CSS.escape(code) + '"]')?.dataset.unit) || "";
if (judge) field("code").addEventListener("change", () => measured(unitOf(field("code").value)));
async function say(verdict) {
  const row = rows[at];
  const problem = judge.querySelector(".problem"), reason = field("reason");
  problem.textContent = "";
  if ((verdict === "correct" || verdict === "reject") && !reason.value.trim()) { // kept with what was changed
    judge.querySelector("details").open = true;
    problem.textContent = judge.dataset.why;
    reason.focus();
    reason.dataset.then = verdict;
    return;
  }
  const data = new URLSearchParams(new FormData(judge));
  data.set("verdict", verdict);
  const res = await fetch(judge.action, { method: "POST", headers: { Accept: "application/json" }, body: data });
  if (!res.ok) {
    const answer = await res.json().catch(() => ({}));
    problem.textContent = [answer.title, answer.detail, answer.remedy].filter(Boolean).join(" · ") || res.status;
    return;
  }
  if (verdict === "add") { location.reload(); return; }
  row.classList.add(verdict === "reject" ? "gone" : "judged");
  const said = row.querySelector(".said");
  said.textContent = "✓ " + judge.dataset[verdict];
  said.closest("td").classList.remove("doubt");
  if (verdict === "correct") {
    row.querySelector(".value").textContent = (field("value").value + " " + judge.querySelector(".of").textContent.slice(1, -1)).trim();
    for (const name of ["value", "period", "kind", "code"]) row.dataset[name] = field(name).value;
  }
  show(at + 1, true);
}
// A figure that the machine did not read: of the indicator given, or one still to be chosen.
function add(code) {
  judge.querySelector("details").open = true;
  for (const radio of document.querySelectorAll("input[name=fact]")) radio.checked = false;
  field("code").value = code;
  measured(unitOf(code));
  field("value").value = "";
  field("period").value = field("period").defaultValue;
  field("kind").value = "result";
  field("reason").dataset.then = "add";
  judge.scrollIntoView({ block: "nearest" });
  field(code ? "value" : "code").focus();
}
for (const a of document.querySelectorAll("[data-add]")) a.addEventListener("click", (e) => { e.preventDefault(); add(a.dataset.add); });
// Enter in a field does what the key before it began: X and a reason reject, E and a value correct. The
// form's own answer to Enter would be its first button, and confirm what was just typed over.
function begun(from) {
  const then = field("reason").dataset.then;
  if (then === "add" || then && from === "reason") return then;
  const row = rows[at];
  const same = row && ["value", "period", "kind", "code"].every((name) => field(name).value === row.dataset[name]);
  return same && !field("reason").value ? "confirm" : "correct";
}
if (judge) judge.addEventListener("keydown", (e) => {
  if (e.key === "Escape" && at >= 0) { // what was begun is given up, and the keys walk again
    pick(rows[at]);
    e.target.blur();
    return;
  }
  if (e.key !== "Enter" || e.target.tagName !== "INPUT" || e.target.type === "radio") return;
  e.preventDefault();
  const verdict = begun(e.target.name);
  delete field("reason").dataset.then;
  e.target.blur();
  say(verdict);
});
if (judge) judge.addEventListener("submit", (e) => { e.preventDefault(); say(e.submitter.value); });

// A figure and its place light up together; j and k walk through the figures.
const rows = Array.from(document.querySelectorAll("tr[data-fact]"));
const beside = matchMedia("(min-width: 801px)");
let at = -1;
function show(i, move) {
  if (i < 0 || i >= rows.length) return;
  for (const x of document.querySelectorAll(".on")) x.classList.remove("on");
  at = i;
  rows[i].classList.add("on");
  pick(rows[i]);
  const place = document.getElementById("cho-" + rows[i].dataset.fact);
  if (place) {
    place.classList.add("on");
    if (move || beside.matches) place.scrollIntoView({ block: "center", behavior: "instant" }); // below, on a narrow screen: a tap must not lead away
  }
  if (move) rows[i].scrollIntoView({ block: "center" });
  if (move && judge && beside.matches) judge.scrollIntoView({ block: "nearest" }); // with its keys
}
rows.forEach((row, i) => row.addEventListener("click", () => show(i, false)));
addEventListener("keydown", (e) => {
  if (!rows.length || e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName)) return;
  if (e.key === "j" || e.key === "J") show(at + 1, true);
  if (e.key === "k" || e.key === "K") show(at - 1, true);
  if (!judge || /^(BUTTON|A)$/.test(e.target.tagName)) return;
  const fields = judge.querySelector("details");
  const act = { Enter: () => at >= 0 && say("confirm"), e: () => field("value").focus(), x: () => { field("reason").focus(); field("reason").dataset.then = "reject"; }, a: () => add("") }[e.key.length === 1 ? e.key.toLowerCase() : e.key];
  if (act) { e.preventDefault(); fields.open = fields.open || e.key !== "Enter"; act(); if (e.key !== "Enter") judge.scrollIntoView({ block: "nearest" }); }
});
const target = rows.findIndex((row) => "#" + row.id === location.hash || location.hash === "#cho-" + row.dataset.fact);
if (target >= 0) show(target, true);

// The cell of a figure may stand beyond the edge of a narrow screen.
function reveal(of) {
  const cell = of.querySelector(".evidence .grid td.on"), sheet = cell && cell.closest(".scroll");
  if (sheet) sheet.scrollLeft = cell.offsetLeft - (sheet.clientWidth - cell.offsetWidth) / 2;
}
reveal(document);

// A figure's proof opens over the page it stands on; without scripts its link leads into the report.
const box = document.getElementById("can-cu");
async function prove(href) {
  const where = new URL(href, location.href);
  const no = /^#so-(\d+)$/.exec(where.hash);
  const page = no ? where.pathname + "/so/" + no[1] : where.pathname + where.search;
  const res = await fetch(page).catch(() => null);
  const text = res && res.ok ? await res.text() : "";
  const proof = new DOMParser().parseFromString(text, "text/html").getElementById("bang-chung");
  if (!proof) { location.href = href; return; }
  proof.removeAttribute("id");
  box.lastElementChild.replaceChildren(proof);
  if (!box.open) box.showModal();
  box.scrollTop = 0;
  reveal(box);
}
if (box) {
  document.addEventListener("click", (e) => {
    if (e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
    const a = e.target.closest && e.target.closest("a[href]");
    if (!a || "whole" in a.dataset || a.hasAttribute("download")) return;
    const href = a.getAttribute("href");
    const there = new URL(href, location.href);
    if (there.pathname === location.pathname || !/^\/bao-cao\/[^/]+$/.test(there.pathname) || !/^#so-\d+$/.test(there.hash)) return;
    e.preventDefault();
    prove(href);
  });
  box.addEventListener("click", (e) => { if (e.target === box) box.close(); });
}
