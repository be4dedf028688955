import { badgeAnswer } from "./_includes/others.js";

export const data = {
  pagination: { data: "all.badges", size: 1, alias: "one" },
  permalink: ({ one }) => `badges/${one.ref}/oembed.json`,
  eleventyExcludeFromCollections: true,
};

export const render = ({ one }) => badgeAnswer(one);
