// The fast way of Eleventy: templates are JavaScript functions, nothing is in a collection, and no engine that
// is not used is set up. Data is JSON that benchmarks/peers/data.py wrote.
export default function (config) {
  config.setDataDeepMerge(false);
  config.setFreezeReservedData(false);
  config.setUseGitIgnore(false);
  config.setQuietMode(true);
  config.addPassthroughCopy({ static: "." });
  return {
    dir: { input: "site", data: "_data", includes: "_includes" },
    templateFormats: ["11ty.js"],
    htmlTemplateEngine: false,
    markdownTemplateEngine: false,
  };
}
