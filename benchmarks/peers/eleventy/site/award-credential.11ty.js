import { credential } from "./_includes/award.js";

export const data = {
  pagination: { data: "awards", size: 1, alias: "one" },
  permalink: ({ one }) => `awards/${one.id}/credential.json`,
  eleventyExcludeFromCollections: true,
};

export const render = ({ one }) => credential(one);
