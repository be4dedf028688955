import { issuer } from "./_includes/others.js";

export const data = {
  pagination: { data: "all.issuers", size: 1, alias: "one" },
  permalink: ({ one }) => `issuers/${one.slug}/index.html`,
  eleventyExcludeFromCollections: true,
};

export const render = ({ one }) => issuer(one);
