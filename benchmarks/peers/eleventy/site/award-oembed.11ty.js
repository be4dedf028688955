import { answer } from "./_includes/award.js";

export const data = {
  pagination: { data: "awards", size: 1, alias: "one" },
  permalink: ({ one }) => `awards/${one.id}/oembed.json`,
  eleventyExcludeFromCollections: true,
};

export const render = ({ one }) => answer(one);
