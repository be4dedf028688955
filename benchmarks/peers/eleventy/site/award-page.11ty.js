import { html } from "./_includes/award.js";

export const data = {
  pagination: { data: "awards", size: 1, alias: "one" },
  permalink: ({ one }) => `awards/${one.id}/index.html`,
  eleventyExcludeFromCollections: true,
};

export const render = ({ one }) => html(one);
