import { badgeClass } from "./_includes/others.js";

export const data = {
  pagination: { data: "all.badges", size: 1, alias: "one" },
  permalink: ({ one }) => `badges/${one.ref}/badge.en.json`,
  eleventyExcludeFromCollections: true,
};

export const render = ({ one }) => badgeClass(one);
