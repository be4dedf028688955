// What all templates look up: small enough to be read once by each that asks.
import { readFileSync } from "node:fs";

const read = (name) => JSON.parse(readFileSync(new URL(`../../data/${name}.json`, import.meta.url), "utf8"));

export const site = read("site");
export const badges = read("badges");
export const issuers = read("issuers");
export const shell = read("shell");
