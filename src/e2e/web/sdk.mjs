// The public SDK's credential, supplied by the module, looked at all the time: --broker --issuer --user --way --refreshes

import { AzureCommunicationTokenCredential } from '@azure/communication-common';
import { TokenSource } from '../../web/tokenbroker.js';
import { accessToken, options, pause, tell } from './lines.mjs';

let asked = 0;
let renewed = 0;
const source = new TokenSource({
  broker: options.broker,
  way: options.way,
  scopes: ['chat', 'voip'],
  getAccessToken: ({ forceRefresh }) => {
    tell('asked', { times: ++asked });
    renewed += forceRefresh ? 1 : 0;
    return accessToken(options.user, '&ttl=62'); // a stream is told `reauth` after two seconds
  },
});
const credential = new AzureCommunicationTokenCredential(await source.credentialOptions());

const seen = new Set();
let looks = 0;
let ended = 0;
while (seen.size < Number(options.refreshes) + 1 || (options.way === 'stream' && renewed === 0)) {
  const { token, expiresOnTimestamp } = await credential.getToken();
  looks++;
  ended += Date.now() < expiresOnTimestamp ? 0 : 1;
  if (!seen.has(token)) {
    seen.add(token);
    tell('token', { number: seen.size });
  }
  await pause(20);
}
credential.dispose();
source.close();
tell('done', { tokens: seen.size, looks, ended, renewed });
