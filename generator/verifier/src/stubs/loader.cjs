// Takes the place of jsonld's document loader: nothing is ever loaded.
module.exports = () => () => {
  throw new Error("Contexts are never fetched.");
};
