"use strict";
// Theme first, so that the page is never drawn in the wrong colours.
const THEMES = { "": "as the system", light: "light", dark: "dark" };

function remembered() {
  try { return localStorage.getItem("elige-theme") || ""; } catch { return ""; }
}

function setTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  try { localStorage.setItem("elige-theme", theme); } catch { /* a page may be without storage */ }
}

setTheme(remembered() in THEMES ? remembered() : "");

// Positions in the lists that samples.py writes.
const [ID, PLACE, GROUP, QUESTION, TARGET, CHOICES, SEEN] = [0, 1, 2, 3, 4, 5, 6];
const [VALUE, OUTCOME, PROMPT, TEXT, REASONING, EXTRACTED, WHY, LOGPROBS, SECONDS, IN, OUT, FINISH] =
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const PAGE = 50;
const STATES = ["right", "wrong", "partly right", "unparsed", "truncated", "refused", "not asked"];
const SIGNS = { right: "✓", wrong: "✗", "partly right": "½", unparsed: "!", truncated: "…", refused: "⊘", "not asked": "·" };

// Everything a model said is set as text, never as HTML.
function make(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  const { text, label, ...rest } = options;
  if (text !== undefined) node.textContent = text;
  if (label !== undefined) node.setAttribute("aria-label", label);
  Object.assign(node, rest);
  node.append(...children.filter(Boolean));
  return node;
}

function stateOf(seen) {
  if (!seen) return "not asked";
  if (seen[OUTCOME] !== "scored") return seen[OUTCOME];
  if (seen[VALUE] >= 1) return "right";
  return seen[VALUE] <= 0 ? "wrong" : "partly right";
}

function start() {
  startTheme();
  const data = JSON.parse(document.getElementById("data").textContent);
  if (document.getElementById("filter") && data.rows.length) startSamples(data);
}

function startTheme() {
  const button = document.getElementById("theme");
  const names = Object.keys(THEMES);
  const show = () => { button.textContent = `Colours: ${THEMES[remembered()] || THEMES[""]}`; };
  let at = Math.max(0, names.indexOf(remembered()));
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    at = (at + 1) % names.length;
    setTheme(names[at]);
    button.textContent = `Colours: ${THEMES[names[at]]}`;
  });
}

function startSamples(data) {
  const view = { data, found: data.rows, shown: 0, haystacks: new Map() };
  const form = document.getElementById("filter");
  fillShow(data);
  fillGroups(data);
  fillEach(data);
  form.hidden = false;
  // Where candidates differ is what a reader looks for; "Show all" goes back to every sample.
  if (data.rows.some((row) => shows("differ", row))) document.getElementById("f-show").value = "differ";
  let waiting = 0;
  const later = () => { clearTimeout(waiting); waiting = setTimeout(() => refilter(view), 120); };
  form.addEventListener("input", later);
  form.addEventListener("reset", () => setTimeout(() => refilter(view)));
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("more").addEventListener("click", () => showMore(view));
  refilter(view);
}

function choice(value, text) { return make("option", { value, text }); }

function fillShow({ candidates }) {
  const select = document.getElementById("f-show");
  select.append(choice("", "every sample"), choice("differ", "where scores differ"),
    choice("allright", "everybody right"), choice("allwrong", "nobody right"),
    choice("odd", "not scored by somebody"));
  const [first, ...others] = candidates.map((one, at) => ({ ...one, at }));
  for (const other of others) {
    select.append(choice(`${first.at}>${other.at}`, `${first.letter} better than ${other.letter}`),
      choice(`${other.at}>${first.at}`, `${other.letter} better than ${first.letter}`));
  }
}

function fillGroups({ rows, texts }) {
  const groups = [...new Set(rows.map((row) => row[GROUP]))].filter(Boolean);
  document.getElementById("f-group-label").hidden = groups.length < 2;
  groups.sort((a, b) => texts[a].localeCompare(texts[b]));
  document.getElementById("f-group")
    .append(choice("", "any"), ...groups.map((group) => choice(String(group), texts[group])));
}

function fillEach({ candidates }) {
  document.getElementById("f-each").append(...candidates.map(({ letter, name, colour }) => {
    const select = make("select", { label: `${letter} ${name}` });
    select.append(choice("", "any"), ...STATES.map((state) => choice(state, state)));
    return make("label", { title: name }, badge(letter, colour), select);
  }));
}

function badge(letter, colour) {
  return make("span", { className: `badge k${colour}`, text: letter });
}

function better(row, left, right) {
  const [a, b] = [row[SEEN][left], row[SEEN][right]];
  return Boolean(a && b && a[VALUE] > b[VALUE]);
}

function shows(wanted, row) {
  const seen = row[SEEN].filter(Boolean);
  const values = seen.map((one) => one[VALUE]);
  switch (wanted) {
    case "": return true;
    case "differ": return new Set(values).size > 1;
    case "allright": return values.length > 0 && values.every((value) => value >= 1);
    case "allwrong": return values.length > 0 && values.every((value) => value < 1);
    case "odd": return seen.some((one) => one[OUTCOME] !== "scored");
    default: return better(row, ...wanted.split(">").map(Number));
  }
}

function haystack(view, row) {
  if (!view.haystacks.has(row)) {
    const said = row[SEEN].filter(Boolean).flatMap((one) => [one[TEXT], one[EXTRACTED], one[WHY]]);
    const texts = [row[ID], row[QUESTION], row[TARGET], ...row[CHOICES], ...said].map((at) => view.data.texts[at]);
    view.haystacks.set(row, texts.join("\n").toLowerCase());
  }
  return view.haystacks.get(row);
}

function refilter(view) {
  const text = document.getElementById("f-text").value.trim().toLowerCase();
  const wanted = document.getElementById("f-show").value;
  const group = document.getElementById("f-group").value;
  const states = [...document.querySelectorAll("#f-each select")].map((select) => select.value);
  view.found = view.data.rows.filter((row) =>
    (!group || String(row[GROUP]) === group) && shows(wanted, row) &&
    states.every((state, at) => !state || stateOf(row[SEEN][at]) === state) &&
    (!text || haystack(view, row).includes(text)));
  const [found, all] = [view.found.length, view.data.rows.length].map((n) => n.toLocaleString("en"));
  document.getElementById("f-found").textContent = `${found} of ${all} samples`;
  document.getElementById("list").replaceChildren();
  view.shown = 0;
  showMore(view);
}

function showMore(view) {
  const next = view.found.slice(view.shown, view.shown + PAGE);
  document.getElementById("list").append(...next.map((row) => sampleItem(view.data, row)));
  view.shown += next.length;
  const left = view.found.length - view.shown;
  const more = document.getElementById("more");
  more.hidden = left <= 0;
  more.textContent = `Show ${Math.min(left, PAGE)} more of ${left.toLocaleString("en")}`;
}

function sampleItem(data, row) {
  const marks = data.candidates.map(({ letter, name, colour }, at) => {
    const state = stateOf(row[SEEN][at]);
    return make("span", { className: `mark ${state.replace(" ", "-")}`, title: `${name}: ${state}` },
      badge(letter, colour), make("span", { text: SIGNS[state], ariaHidden: "true" }),
      make("span", { className: "hidden", text: `${state}, ` }));
  });
  const details = make("details", {},
    make("summary", {},
      make("span", { className: "at", text: `#${row[PLACE]}`, title: `id ${data.texts[row[ID]]}` }),
      make("span", { className: "question", dir: "auto", text: data.texts[row[QUESTION]].slice(0, 300) }),
      make("span", { className: "marks" }, ...marks)));
  // Opened ones are filled then; thousands of closed ones cost nothing.
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(sampleBody(data, row));
  });
  return make("li", {}, details);
}

function sampleBody(data, row) {
  const { texts, candidates } = data;
  const head = make("dl", { className: "facts" },
    fact("Id", texts[row[ID]]), row[GROUP] ? fact("Group", texts[row[GROUP]]) : null,
    fact("Question", texts[row[QUESTION]]), fact("Right answer", texts[row[TARGET]]));
  const cards = candidates.map((one, at) => row[SEEN][at] && answerCard(data, row, one, at));
  return make("div", { className: "body" }, head, make("div", { className: "answers" }, ...cards));
}

function fact(label, text) {
  return make("div", {}, make("dt", { text: label }), make("dd", { text, dir: "auto" }));
}

function answerCard(data, row, { letter, name, colour }, at) {
  const { texts } = data;
  const seen = row[SEEN][at];
  const state = stateOf(seen);
  const prompt = texts[data.openings[at]] + texts[seen[PROMPT]];
  const said = texts[seen[TEXT]];
  const spent = `${seen[SECONDS]} s, ${seen[IN]} tokens in, ${seen[OUT]} out${seen[FINISH] === "stop" ? "" : `, ended by ${seen[FINISH]}`}`;
  return make("article", { className: `answer k${colour}` },
    make("h4", {}, badge(letter, colour), make("span", { text: name })),
    make("p", { className: "outcome" },
      make("span", { className: `mark ${state.replace(" ", "-")}`, text: `${SIGNS[state]} ${state}` }),
      make("span", { text: ` score ${seen[VALUE]}` })),
    seen[WHY] ? fact2("Reason", texts[seen[WHY]]) : null,
    seen[EXTRACTED] ? fact2("Read as", texts[seen[EXTRACTED]]) : null,
    said || !seen[LOGPROBS].length ? folded("Answer", said || "(empty)", true) : null,
    seen[LOGPROBS].length ? weighed(data, row, seen) : null,
    seen[REASONING] ? folded("Reasoning", texts[seen[REASONING]]) : null,
    folded("Prompt as sent", prompt),
    make("p", { className: "quiet", text: spent }));
}

function fact2(label, text) {
  return make("p", { className: "line", dir: "auto" }, make("b", { text: `${label}: ` }), make("span", { text }));
}

function folded(title, text, open = false) {
  return make("details", { open }, make("summary", { text: title }),
    make("pre", { text, tabIndex: 0, dir: "auto" }));
}

function weighed({ texts }, row, seen) {
  const known = seen[LOGPROBS].map((value) => (value === null ? -Infinity : value));
  const items = known.map((value, at) => make("li", { dir: "auto" },
    make("span", { className: "logprob", text: Number.isFinite(value) ? value.toFixed(2).replace("-", "−") : "−∞" }),
    make("span", { text: row[CHOICES][at] === undefined ? `choice ${at + 1}` : texts[row[CHOICES][at]] })));
  return make("div", {}, make("b", { text: "Log-probability of each choice" }), make("ol", { className: "weighed" }, ...items));
}

document.addEventListener("DOMContentLoaded", start);
