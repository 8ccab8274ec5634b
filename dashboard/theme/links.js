// Follows the dashboard's own links without loading the whole page anew: Streamlit goes where the address says when
// the reader goes "back", and so it does here. Without this script, or with a key held, a link is a plain link.
if (!window.rumortrailLinks) {
  window.rumortrailLinks = true;
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a.rt-in") : null;
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.origin !== location.origin) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    window.dispatchEvent(new PopStateEvent("popstate"));
    document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  });
}
