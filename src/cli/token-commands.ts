import type { Command } from 'commander';
import type { ListedToken } from '../app/tokens.ts';
import { consoleConfig } from './console-config.ts';
import { oneOf, textUpTo, wholeNumber } from './options.ts';

const ROLES = ['viewer', 'trader', 'admin'];
const NAME_LENGTH_MAX = 100;

/** `infobot token ...` and `infobot sign-in`: who may talk to the services. They work with nothing running. */
export function addTokenCommands(program: Command): void {
  const token = program
    .command('token')
    .description('tokens for scripts that call the API')
    .addHelpText('after', '\nExample:\n  infobot token create --role viewer --name dashboard --days 30')
    .exitOverride();
  addCreate(token);
  addList(token);
  addRevoke(token);
  for (const command of token.commands) command.exitOverride();
  program
    .command('sign-in')
    .description('print a link that signs a browser in once (15 minutes)')
    .option('--json', 'print {"url"}')
    .addHelpText('after', '\nExample:\n  infobot sign-in')
    .action(async (flags: { json?: boolean }) => {
      const config = consoleConfig();
      if (config === null) return;
      const { mintSignInLink } = await import('../app/sign-in.ts');
      const url = await mintSignInLink(config);
      console.log(flags.json === true ? JSON.stringify({ url }) : url);
    });
}

function addCreate(token: Command): void {
  token
    .command('create')
    .description('make a token; it is shown this once')
    .requiredOption(
      '--role <role>',
      'viewer (reads), trader (and acts) or admin (and configures)',
      oneOf(ROLES),
    )
    .option('--name <name>', 'what it is for', textUpTo(NAME_LENGTH_MAX), 'script')
    .option('--days <number>', 'days until it expires; without it, never', wholeNumber(3_650))
    .option('--json', 'print {"id","token"}')
    .addHelpText('after', '\nExample:\n  infobot token create --role admin --json')
    .action(async (flags: { role: string; name: string; days?: number; json?: boolean }) => {
      const config = consoleConfig();
      if (config === null) return;
      const { createToken } = await import('../app/tokens.ts');
      const created = await createToken(config, {
        role: flags.role,
        name: flags.name,
        days: flags.days ?? null,
      });
      if (flags.json === true) console.log(JSON.stringify(created));
      else console.log(`Token ${created.id} (${flags.role}), shown this once:\n${created.token}`);
    });
}

function addList(token: Command): void {
  token
    .command('list')
    .description('list tokens, never their secrets')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  infobot token list')
    .action(async (flags: { json?: boolean }) => {
      const config = consoleConfig();
      if (config === null) return;
      const { listTokens } = await import('../app/tokens.ts');
      const tokens = await listTokens(config);
      if (flags.json === true) console.log(JSON.stringify(tokens));
      else if (tokens.length === 0) console.log('No tokens.');
      else for (const entry of tokens) console.log(lineOf(entry));
    });
}

function addRevoke(token: Command): void {
  token
    .command('revoke <id>')
    .description('make a token useless at once')
    .option('--json', 'print {"id","revoked"}')
    .addHelpText('after', '\nExample:\n  infobot token revoke 940db054abbfee74')
    .action(async (id: string, flags: { json?: boolean }) => {
      const config = consoleConfig();
      if (config === null) return;
      const { revokeToken } = await import('../app/tokens.ts');
      const revoked = await revokeToken(config, id);
      if (flags.json === true) console.log(JSON.stringify({ id, revoked }));
      else if (revoked) console.log(`Token ${id} is revoked.`);
      else console.error(`There is no live token ${id}; "infobot token list" shows those there are.`);
      if (!revoked) process.exitCode = 1;
    });
}

function lineOf({ id, role, state, expiresMs, name }: ListedToken): string {
  const until = expiresMs === null ? 'never expires' : `until ${new Date(expiresMs).toISOString()}`;
  return `${id}  ${role.padEnd(6)}  ${state.padEnd(7)}  ${until.padEnd(30)}  ${name}`;
}
