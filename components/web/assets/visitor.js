// What the page cannot do from Python: hand over the sign-in ticket, give the session back, switch the
// language of the index page, and say Streamlit's own words in Chinese. User content is never touched.
"use strict";

// Streamlit's own front end first takes the page's address for the server's, is told 404, waits, and asks
// how it is hosted before it connects. Both are known here.
window.__streamlit = {
  BACKEND_BASE_URL: `${location.origin}/`,
  HOST_CONFIG: { allowedOrigins: [location.origin], useExternalAuthToken: false },
};

(() => {
  // ---------------------------------------------------------------- the window

  // A narrow window is given lists as cards; said before Streamlit connects, which carries it to the server.
  const sayWidth = () => {
    document.cookie = `zero_fee_narrow=${innerWidth <= 640 ? 1 : 0}; path=/; SameSite=Lax`;
  };
  sayWidth();
  addEventListener("resize", sayWidth);

  // ---------------------------------------------------------------- the session

  const post = (address, body) =>
    fetch(address, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });

  // The page asks for an errand by an element that `st.html` drew; each is run once.
  const errands = {
    "data-sign-in-ticket": (ticket) =>
      post("/auth/enter", { ticket }).then((answer) => answer.ok && location.reload()),
    "data-leave": (address) =>
      post("/auth/leave", {}).then(() => address && location.assign(address)),
    "data-speak": (code) => location.assign(`/auth/language?to=${encodeURIComponent(code)}`),
  };
  const done = new Set();

  const runErrands = () => {
    for (const [name, run] of Object.entries(errands)) {
      const asked = document.querySelector(`[data-testid=stHtml] [${name}]`);
      if (!asked) continue;
      const value = asked.getAttribute(name);
      if (done.has(name + value)) continue;
      done.add(name + value);
      run(value);
    }
  };

  // ---------------------------------------------------------------- links and keys

  // Streamlit opens every link of a text in a new tab; one to another page of ours stays in this one.
  addEventListener(
    "click",
    (event) => {
      const link = event.target.closest?.("a[target=_blank]");
      if (link && link.origin === location.origin) link.target = "_self";
    },
    true,
  );

  // A key held down decides once, not one claim after another.
  addEventListener(
    "keydown",
    (event) => {
      if (event.repeat && (event.ctrlKey || event.metaKey)) event.stopImmediatePropagation();
    },
    true,
  );

  // ---------------------------------------------------------------- Streamlit's own words

  const words = document.documentElement.lang.startsWith("zh") ? window.streamlitWords : null;
  const spoken = ["placeholder", "aria-label", "title", "alt"];
  const ours = [
    "[data-testid=stMarkdownContainer]",
    "[data-testid=stHeading]",
    "[data-testid=stHtml]",
    "[data-testid=stText]",
    "[data-testid=stCode]",
    "[data-testid=stJson]",
    "[data-testid=stTable]",
    "[data-testid=stDataFrameResizable] table",
    "[data-testid=stFileUploaderFileName]",
    "textarea",
    "script",
    "style",
  ].join(",");

  const chinese = (text) => {
    const whole = text.trim();
    if (Object.hasOwn(words.exact, whole)) return words.exact[whole];
    if (!/[A-Za-z]/.test(whole)) return null;
    const found = words.patterns.find(([pattern]) => pattern.test(whole));
    return found ? whole.replace(...found).trim() : null;
  };

  // Streamlit's own, though drawn as if it were our text.
  const theirs = "[data-testid=stFileUploaderDropzone], [data-testid=stException]";
  const isOurs = (element) => element?.closest(ours) && !element.closest(theirs);

  const sayText = (node) => {
    const said = chinese(node.data);
    if (said !== null && !isOurs(node.parentElement)) node.data = said;
  };

  const sayAttributes = (element) => {
    if (/^[a-z_ ]+ icon$/.test(element.getAttribute("aria-label"))) hush(element);
    for (const name of spoken) {
      const said = element.hasAttribute(name) ? chinese(element.getAttribute(name)) : null;
      if (said !== null && !isOurs(element)) element.setAttribute(name, said);
    }
  };

  // An icon stands beside a word that says the same.
  const hush = (icon) => {
    icon.removeAttribute("aria-label");
    icon.setAttribute("aria-hidden", "true");
  };

  const say = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return sayText(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return undefined;
    sayAttributes(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.nodeType === Node.TEXT_NODE) sayText(node);
      else sayAttributes(node);
    }
    return undefined;
  };

  const heed = (changes) => {
    runErrands();
    if (!words) return;
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(say);
      else if (change.type === "characterData") sayText(change.target);
      else sayAttributes(change.target);
    }
  };

  new MutationObserver(heed).observe(document.documentElement, {
    childList: true,
    subtree: true,
    characterData: true,
    attributes: true,
    attributeFilter: spoken,
  });
  runErrands();
  if (words) say(document.body);
})();
