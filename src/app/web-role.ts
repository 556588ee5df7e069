import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openAccess } from '../access/access.ts';
import { createWebServer } from '../http/web-server.ts';
import type { Logger } from '../platform/logger.ts';
import { secureHex } from '../platform/random.ts';
import { systemTime } from '../platform/time.ts';
import { type AppConfig, serviceUrl } from './config.ts';
import { type RunningRole, runRole } from './role.ts';
import { serviceTokens } from './service-secrets.ts';

const PAGE_FOLDER = fileURLToPath(new URL('../../dist/web', import.meta.url));
const NONCE_BYTES = 18;

/** Runs the web service until asked to end; gives the exit code. */
export function runWeb(config: AppConfig): Promise<number> {
  return runRole('web', config, (log) => startWeb(config, log));
}

async function startWeb(config: AppConfig, log: Logger): Promise<RunningRole> {
  if (!existsSync(PAGE_FOLDER)) throw new Error('The page is not built: run "npm run build:web" once.');
  const tokens = await serviceTokens(config);
  const access = openAccess({ home: config.home, time: systemTime });
  const server = createWebServer({
    access,
    botsUrl: serviceUrl(config, config.botsPort),
    serviceToken: tokens.web,
    pageFolder: PAGE_FOLDER,
    randomText: () => secureHex(NONCE_BYTES),
    time: systemTime,
    log: log.child('http'),
    host: config.host,
    port: config.webPort,
  });
  await server.listen();
  return {
    url: serviceUrl(config, config.webPort),
    stop: async () => {
      await server.close();
      access.close();
    },
  };
}
