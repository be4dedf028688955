import { list } from "./_includes/others.js";

export const data = {
  pagination: { data: "lists", size: 1, alias: "one" },
  permalink: ({ one }) => `${one.path}/index.html`,
  eleventyExcludeFromCollections: true,
};

export const render = ({ one }) => list(one);
