import { answer } from "./_includes/passport.js";

export const data = {
  pagination: { data: "people", size: 1, alias: "one" },
  permalink: ({ one }) => `passports/${one.slug}/oembed.json`,
  eleventyExcludeFromCollections: true,
};

export const render = ({ one }) => answer(one);
