import { frame } from "./_includes/passport.js";

export const data = {
  pagination: { data: "people", size: 1, alias: "one" },
  permalink: ({ one }) => `passports/${one.slug}/embed/index.html`,
  eleventyExcludeFromCollections: true,
};

export const render = ({ one }) => frame(one);
