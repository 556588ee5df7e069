import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { FakeServer } from './fake-server.ts';

const WEB = fileURLToPath(new URL('../../web/', import.meta.url));
const CODE = 'one-time-code-of-the-test';

/** Builds the page into a folder of its own; `remove` takes it away. */
export async function buildPage(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'infobot-page-'));
  await build({
    root: WEB,
    configFile: join(WEB, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** The bundled Chromium, or the one at `CHROMIUM_PATH`. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? (await sparticuz.executablePath()),
    headless: true,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  });
}

/** A page, the server behind it, and everything it complained about. */
export interface OpenPage {
  readonly page: Page;
  readonly server: FakeServer;
  readonly origin: string;
  /** Errors in the console, uncaught ones, and breaches of the content policy. Failed requests are not. */
  readonly complaints: string[];
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly browser: Browser;
  readonly folder: string;
  readonly size?: { readonly width: number; readonly height: number };
  /** Changes the server before the page asks it anything. */
  readonly prepare?: (server: FakeServer) => void;
  /** What follows the `#` of the address; the good code when left out. */
  readonly fragment?: string;
}

/** Opens the page by its sign-in link on a server of its own. */
export async function openPage(options: OpenOptions): Promise<OpenPage> {
  const server = new FakeServer({ folder: options.folder, code: CODE });
  options.prepare?.(server);
  const origin = await server.start();
  const size = options.size ?? { width: 1280, height: 800 };
  const context = await options.browser.newContext({ viewport: size });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    const isRequest = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isRequest) complaints.push(message.text());
  });
  await page.exposeFunction('reportBreach', (text: string) => complaints.push(text));
  await page.addInitScript(
    "addEventListener('securitypolicyviolation', (e) => reportBreach(e.violatedDirective + ' ' + e.blockedURI))",
  );
  await page.goto(`${origin}/#${options.fragment ?? `code=${CODE}`}`);
  const close = async () => {
    await context.close();
    await server.stop();
  };
  return { page, server, origin, complaints, close };
}
