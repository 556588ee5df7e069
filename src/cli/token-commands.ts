import type { Command } from 'commander';
import { mintSignInLink } from '../app/sign-in.ts';
import { createToken, listTokens, revokeToken } from '../app/tokens.ts';
import { consoleConfig } from './console-config.ts';
import { oneOf, wholeNumber } from './options.ts';

const ROLES = ['viewer', 'trader', 'admin'];

/** `infobot token ...` and `infobot sign-in`: who may talk to the services. They work with nothing running. */
export function addTokenCommands(program: Command): void {
  const token = program.command('token').description('tokens for scripts that call the API').exitOverride();
  addCreate(token);
  addList(token);
  addRevoke(token);
  for (const command of token.commands) command.exitOverride();
  program
    .command('sign-in')
    .description('print a link that signs a browser in once (15 minutes)')
    .addHelpText('after', '\nExample:\n  infobot sign-in')
    .action(async () => {
      const config = consoleConfig();
      if (config !== null) console.log(await mintSignInLink(config));
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
    .option('--name <name>', 'what it is for', 'script')
    .option('--days <number>', 'days until it expires; without it, never', wholeNumber(3_650))
    .option('--json', 'print {"id","token"}')
    .addHelpText('after', '\nExample:\n  infobot token create --role admin --json')
    .action(async (flags: { role: string; name: string; days?: number; json?: boolean }) => {
      const config = consoleConfig();
      if (config === null) return;
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
      const tokens = await listTokens(config);
      if (flags.json === true) console.log(JSON.stringify(tokens));
      else if (tokens.length === 0) console.log('No tokens.');
      else console.table(tokens);
    });
}

function addRevoke(token: Command): void {
  token
    .command('revoke <id>')
    .description('make a token useless at once')
    .addHelpText('after', '\nExample:\n  infobot token revoke 4f2a')
    .action(async (id: string) => {
      const config = consoleConfig();
      if (config === null) return;
      if (await revokeToken(config, id)) console.log(`Token ${id} is revoked.`);
      else {
        console.error(`There is no token ${id}; "infobot token list" shows those there are.`);
        process.exitCode = 1;
      }
    });
}
