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
      else for (const line of services.flatMap(linesOf)) console.log(line);
      if (services.some((service) => !service.up)) process.exitCode = 1;
    });
}

function linesOf(service: ServiceStatus): readonly string[] {
  const { workers = [] } = service;
  if (workers.length === 0) return [lineOf(service)];
  const failing = workers.filter(({ lastError }) => lastError !== null);
  const summary = `${'jobs'.padStart(11)} ${workers.length}, ${failing.length} with an error in the last run`;
  return [lineOf(service), summary, ...failing.map(jobLine)];
}

type Job = NonNullable<ServiceStatus['workers']>[number];

function jobLine({ name, lastError, running, timeouts }: Job): string {
  return `${''.padEnd(12)}${name}: ${lastError ?? ''}${running ? ' It still runs.' : ''} (timeouts: ${timeouts})`;
}

function lineOf(service: ServiceStatus): string {
  return `${service.name.padEnd(6)} ${service.up ? 'up  ' : 'down'} ${service.url.padEnd(24)} ${service.detail}`;
}
