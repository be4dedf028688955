// Takes the place of the package setimmediate: lets the page breathe between pieces of work.
if (typeof globalThis.setImmediate !== "function") globalThis.setImmediate = (work) => setTimeout(work, 0);
