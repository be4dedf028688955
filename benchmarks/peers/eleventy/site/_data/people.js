import { readFileSync } from "node:fs";

export default () => JSON.parse(readFileSync(new URL("../../data/people.json", import.meta.url), "utf8"));
