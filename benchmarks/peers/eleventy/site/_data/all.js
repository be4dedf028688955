import { badges, issuers } from "../_includes/data.js";

export default () => ({ badges: Object.values(badges), issuers: Object.values(issuers) });
