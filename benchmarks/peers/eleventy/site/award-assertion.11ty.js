import { assertion } from "./_includes/award.js";

export const data = {
  pagination: { data: "awards", size: 1, alias: "one" },
  permalink: ({ one }) => `awards/${one.id}/assertion.json`,
  eleventyExcludeFromCollections: true,
};

export const render = ({ one }) => assertion(one);
