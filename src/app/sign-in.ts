import { openAccess } from '../access/access.ts';
import { prepareHome } from '../platform/home.ts';
import { systemTime } from '../platform/time.ts';
import { type AppConfig, serviceUrl } from './config.ts';

/** The person who owns this machine's InfoBot: the demo knows no other. */
const OWNER = { name: 'owner', role: 'admin' } as const;

/** A link that signs a browser in once within 15 minutes. The code stands in the fragment: no server logs it. */
export async function mintSignInLink(config: AppConfig): Promise<string> {
  await prepareHome(config.home);
  const access = openAccess({ home: config.home, time: systemTime });
  try {
    const { code } = await access.createSignInCode(OWNER);
    return `${serviceUrl(config, config.webPort)}/#code=${code}`;
  } finally {
    access.close();
  }
}
