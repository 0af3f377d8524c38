// A page in Chromium with the module and the public SDK:
// --chromium --port --broker --issuer --own-user --cross-user (either may be empty)

import { createServer, request } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer-core';
import { importMap } from './import-map.mjs';
import { accessToken, options, tell } from './lines.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const WEB = fileURLToPath(new URL('../../web/', import.meta.url));
const TYPES = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.html': 'text/html', '.json': 'application/json' };
const origin = `http://127.0.0.1:${options.port}`;

async function file(root, path, response) {
  const name = normalize(join(root, path));
  if (!name.startsWith(root)) {
    throw new Error('outside');
  }
  const bytes = await readFile(name);
  response.writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream' }).end(bytes);
}

/** As a proxy that serves the page and the API from one origin. */
function pass(incoming, response) {
  const { method, url, headers } = incoming;
  const outgoing = request(new URL(url, options.broker), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  response.on('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
}

const server = createServer(async (incoming, response) => {
  const url = new URL(incoming.url, origin);
  try {
    if (url.pathname.startsWith('/v1/')) {
      pass(incoming, response);
    } else if (url.pathname === '/sign-in') {
      response.end(await accessToken(url.searchParams.get('user')));
    } else if (url.pathname.startsWith('/web/')) {
      await file(WEB, url.pathname.slice('/web/'.length), response);
    } else if (url.pathname.startsWith('/node_modules/')) {
      await file(HERE, url.pathname.slice(1), response);
    } else if (url.pathname === '/page') {
      const page = await readFile(join(HERE, 'page.html'), 'utf8');
      const map = JSON.stringify(await importMap('@azure/communication-common', join(HERE, 'node_modules')));
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(page.replace('IMPORT_MAP', map));
    } else {
      response.writeHead(404).end();
    }
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(Number(options.port), '127.0.0.1', resolve));

const browser = await puppeteer.launch({
  executablePath: options.chromium,
  headless: true,
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
});

/** Returns once the page says that it is done. */
async function visit(user, broker) {
  const page = await browser.newPage();
  page.on('pageerror', (fault) => tell('rejected', { user, why: fault.message }));
  const done = new Promise((resolve) => {
    page.exposeFunction('tell', (event, more) => {
      tell(event, { user, ...more });
      if (event === 'done') {
        resolve();
      }
    }).then(() => page.goto(`${origin}/page?user=${user}&broker=${encodeURIComponent(broker)}`));
  });
  await done;
}

try {
  await Promise.all([
    options['own-user'] && visit(options['own-user'], origin),
    options['cross-user'] && visit(options['cross-user'], options.broker),
  ]);
} finally {
  await browser.close();
  server.close();
  server.closeAllConnections();
}
