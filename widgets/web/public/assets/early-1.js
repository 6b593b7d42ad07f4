// Runs before the first paint, so that a chosen theme or language never flashes.
(function () {
  try {
    var theme = localStorage.getItem("careflow.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    var language = localStorage.getItem("careflow.language");
    if (language) document.documentElement.lang = language;
  } catch (blocked) {
    // Storage may be refused by the browser: the system's own choice is used.
  }
})();
