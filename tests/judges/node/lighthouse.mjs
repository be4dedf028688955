// Lighthouse, as on a phone with a slow line: lighthouse.mjs CHROMIUM SLOWDOWN ADDRESS…; prints a JSON object a line.
// SLOWDOWN is how many times faster than that phone this machine is; `speed` is what Lighthouse makes of it.
import { launch } from "chrome-launcher";
import lighthouse, { defaultConfig } from "lighthouse";

const [chromePath, slowdown, ...addresses] = process.argv.slice(2);
const chrome = await launch({ chromePath, chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"] });
const categories = ["performance", "accessibility", "best-practices", "seo"];
try {
  for (const address of addresses) {
    const throttling = { ...defaultConfig.settings.throttling, cpuSlowdownMultiplier: Number(slowdown) };
    const flags = { port: chrome.port, logLevel: "error", onlyCategories: categories, throttling };
    const { lhr } = await lighthouse(address, flags);
    const faults = categories.flatMap((name) =>
      lhr.categories[name].auditRefs
        .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 0.9)
        .map(({ id }) => `${name}: ${id} ${lhr.audits[id].displayValue ?? ""}`),
    );
    const scores = Object.fromEntries(categories.map((name) => [name, Math.round(lhr.categories[name].score * 100)]));
    const shift = lhr.audits["cumulative-layout-shift"].numericValue;
    const bytes = {};
    for (const item of lhr.audits["network-requests"].details.items)
      bytes[item.resourceType] = (bytes[item.resourceType] ?? 0) + item.transferSize;
    console.log(JSON.stringify({ address, scores, shift, bytes, faults, speed: lhr.environment.benchmarkIndex }));
  }
} finally {
  await chrome.kill();
}
