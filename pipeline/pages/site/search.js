"use strict";
(() => {
  const form = document.getElementById("search");
  const field = form.querySelector("input");
  const told = document.getElementById("search-told");
  const list = document.getElementById("search-results");
  const rest = document.getElementById("lists");
  const { shards, per } = form.dataset;
  const MOST = 40;
  const held = new Map();
  const waiting = new Map();
  let asked = 0;

  // Each file of the index hands over one object: a page from a folder may load scripts, and fetch nothing.
  window.rumortrailIndex = (what, number, data) => held.set(`${what}-${number}`, data);
  const load = (name) => {
    if (!waiting.has(name)) {
      waiting.set(name, new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = `search/${name}.js`;
        script.onload = () => done(held.get(name));
        script.onerror = () => { waiting.delete(name); failed(new Error(name)); };
        document.head.append(script);
      }));
    }
    return waiting.get(name);
  };

  const RUN = /(?:(?![\u0250-\u{10ffff}])[\p{L}\p{N}])+|(?:(?=[\u0250-\u{10ffff}])[\p{L}\p{N}])+/gu;
  const terms = (text) => {
    const plain = text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase();
    return [...plain.matchAll(RUN)].flatMap(([run]) => {
      if (run < "\u0250") return [{ word: run.slice(0, 40), whole: false }];
      const signs = [...run];
      if (signs.length === 1) return [{ word: signs[0], whole: false }];
      return signs.slice(0, -1).map((sign, at) => ({ word: sign + signs[at + 1], whole: true }));
    });
  };
  const shard = (word) => {
    const signs = [...word].slice(0, word < "\u0250" ? 2 : 1);
    return signs.reduce((number, sign) => (number * 31 + sign.codePointAt(0)) % 1000003, 0) % Number(shards);
  };
  const documents = async ({ word, whole }) => {
    const words = await load(`words-${shard(word)}`);
    if (whole) return new Set(Object.hasOwn(words, word) ? words[word] : []);
    return new Set(Object.keys(words).filter((other) => other.startsWith(word)).flatMap((other) => words[other]));
  };

  const row = ([address, title, status, about]) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = address;
    link.textContent = title;
    const line = document.createElement("p");
    line.className = "soft";
    if (status) {
      const chip = document.createElement("span");
      chip.className = `chip is-${status.replace(/[^a-z]/g, "")}`;
      chip.append(document.createElement("i"), status);
      line.append(chip, " ");
    }
    line.append(about);
    item.append(link, line);
    return item;
  };

  const search = async () => {
    const turn = ++asked;
    const sought = terms(field.value);
    const short = sought.filter(({ word }) => word.length < 2 && word < "\u0250");
    const all = sought.filter((term) => !short.includes(term));
    rest.hidden = all.length > 0;
    if (!all.length) {
      list.replaceChildren();
      told.textContent = short.length ? "Type at least two letters." : "";
      return;
    }
    try {
      const sets = await Promise.all(all.map(documents));
      const numbers = [...sets[0]].filter((number) => sets.every((set) => set.has(number)));
      numbers.sort((one, other) => other - one);
      const shown = numbers.slice(0, MOST);
      const texts = await Promise.all(shown.map((number) => load(`texts-${Math.floor(number / per)}`)));
      if (turn !== asked) return;
      list.replaceChildren(...shown.map((number, at) => row(texts[at][number % per])));
      told.textContent = numbers.length === 0 ? "Nothing here holds all of these words."
        : `${numbers.length.toLocaleString("en")} found` + (numbers.length > MOST ? `, the ${MOST} newest shown` : "");
    } catch {
      if (turn === asked) told.textContent = "A file of the search index could not be loaded.";
    }
  };

  let timer;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      history.replaceState(null, "", `#q=${encodeURIComponent(field.value)}`);
      search();
    }, 120);
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
  const named = new URLSearchParams(location.hash.slice(1)).get("q");
  form.hidden = false;
  if (named) { field.value = named; search(); }
})();
