/** What the test is told: one JSON object a line, never a token. */
export function tell(event, more = {}) {
  process.stdout.write(`${JSON.stringify({ event, ...more })}\n`);
}

/** Options, given as `--name=value`. */
export const options = Object.fromEntries(
  process.argv.slice(2).map((option) => /^--([a-z-]+)=(.*)$/s.exec(option).slice(1)),
);

/** The SDK leaves a rejected refresh to whoever watches the process. */
process.on('unhandledRejection', (fault) => tell('rejected', { why: `${fault?.name}: ${fault?.message}` }));

/** What a real application has from its sign-in. */
export async function accessToken(sub, more = '') {
  const response = await fetch(`${options.issuer}/access-token?sub=${encodeURIComponent(sub)}${more}`);
  return (await response.text()).trim();
}

export const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
