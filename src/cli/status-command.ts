import type { Command } from 'commander';
import type { ServiceStatus } from '../app/status.ts';
import { consoleConfig } from './console-config.ts';

/** `infobot status`: what runs and how it is. Exit code 1 when a service does not answer. */
export function addStatusCommand(program: Command): void {
  program
    .command('status')
    .description('what runs and how it is')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  infobot status --json')
    .action(async (flags: { json?: boolean }) => {
      const config = consoleConfig();
      if (config === null) return;
      const { readStatus } = await import('../app/status.ts');
      const services = await readStatus(config);
      if (flags.json === true) console.log(JSON.stringify({ services }));
      else for (const service of services) console.log(lineOf(service));
      if (services.some((service) => !service.up)) process.exitCode = 1;
    });
}

function lineOf(service: ServiceStatus): string {
  return `${service.name.padEnd(6)} ${service.up ? 'up  ' : 'down'} ${service.url.padEnd(24)} ${service.detail}`;
}
