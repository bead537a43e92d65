// keepOffline lets the page open in a dead spot. Browsers allow that on https
// and loopback only; elsewhere an open page still keeps every scan.
export async function keepOffline() {
  try {
    await navigator.serviceWorker.register("/assets/web/booth/service-worker.js", { scope: "/booth", updateViaCache: "none" });
  } catch {
    // no service worker here: the page works, but must be opened where there is a network
  }
}
