// @digitalcredentials/verifier-core, what VerifierPlus and the Learner Credential Wallet ask, as it is: its own
// loader, did:web driver and contexts, with only `fetch` replaced.
import {verifyCredential} from '@digitalcredentials/verifier-core';
import {messages} from './errors.mjs';

// Whether a registry knows the issuer, and what the JSON Schema says, is information: neither refuses a badge.
const INFORMATION = ['registered_issuer', 'schema_check'];

export async function judge(credential) {
  const result = await verifyCredential({credential, knownDIDRegistries: []});
  const steps = (result.log ?? []).map(({id, valid}) => ({id, valid: valid === true}));
  const errors = [...messages(...result.errors ?? []), ...messages(...(result.log ?? []).map(({error}) => error))];
  for(const {id, results} of result.additionalInformation ?? []) {
    // A string says that the schema could not be read, or that there is none.
    const read = Array.isArray(results);
    steps.push({id, valid: read ? results.every(entry => entry.result.valid) : null});
    if(read) {
      errors.push(...results.flatMap(entry => entry.result.errors ?? []).map(error =>
        `${id}: ${error.instancePath || '/'} ${error.message}`));
    }
  }
  const deciding = steps.filter(({id}) => !INFORMATION.includes(id));
  return {
    valid: !result.errors?.length && deciding.length > 0 && deciding.every(({valid}) => valid),
    steps,
    errors
  };
}
