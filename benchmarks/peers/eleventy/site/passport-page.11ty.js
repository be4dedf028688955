import { html } from "./_includes/passport.js";

export const data = {
  pagination: { data: "people", size: 1, alias: "one" },
  permalink: ({ one }) => `passports/${one.slug}/index.html`,
  eleventyExcludeFromCollections: true,
};

export const render = ({ one }) => html(one);
