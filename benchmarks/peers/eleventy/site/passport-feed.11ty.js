import { feed } from "./_includes/passport.js";

export const data = {
  pagination: { data: "people", size: 1, alias: "one" },
  permalink: ({ one }) => `passports/${one.slug}/feed.xml`,
  eleventyExcludeFromCollections: true,
};

export const render = ({ one }) => feed(one);
