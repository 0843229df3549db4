/*
 * For pages of your own: <script src="../speeddata.js"></script>
 * Then <speeddata-value signal="engine.rpm"> and <speeddata-chart signals="engine.rpm,engine.temp" window="30s"> show live data, and the
 * predecessor's markup works, too.
 */
(() => {
  const own = /** @type {HTMLScriptElement | null} */ (document.currentScript ?? document.querySelector('script[src*="speeddata.js"]'));
  if (own) void import(new URL("web/own/elements.js", own.src).href);
})();
