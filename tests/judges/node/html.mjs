// HTML conformance of every page below a folder: prints [path, rule, message, line] for each fault, as JSON.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { HtmlValidate } from "html-validate";

const root = process.argv[2];
const judge = new HtmlValidate({
  root: true,
  extends: ["html-validate:standard", "html-validate:document", "html-validate:browser"],
  rules: {
    "require-sri": "off", // nothing comes from another host
    "heading-level": "off", // asked of the browser, which knows what is hidden
    "input-missing-label": "off", // asked of axe, likewise
  },
});
const faults = [];
const pages = readdirSync(root, { recursive: true }).filter((path) => path.endsWith(".html"));
for (const path of pages.sort()) {
  const page = readFileSync(join(root, path), "utf8");
  if (!page.trimStart().toLowerCase().startsWith("<!doctype")) continue; // a piece that pages fetch
  const report = await judge.validateString(page, path);
  for (const result of report.results)
    for (const fault of result.messages) faults.push([path, fault.ruleId, fault.message, fault.line]);
}
console.log(JSON.stringify({ pages: pages.length, faults }));
