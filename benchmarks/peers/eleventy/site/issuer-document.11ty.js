import { profile } from "./_includes/others.js";

export const data = {
  pagination: { data: "all.issuers", size: 1, alias: "one" },
  permalink: ({ one }) => `issuers/${one.slug}/issuer.json`,
  eleventyExcludeFromCollections: true,
};

export const render = ({ one }) => profile(one);
