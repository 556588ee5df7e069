import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MESSAGES_COMPARED, MESSAGES_LEFT_OUT } from './venue-messages.ts';
import { tradedVenue } from './venue-pages.ts';

const ROOT = join(process.env['INFOBOT_TEST_DATA'] ?? '', 'fixtures');
/** What a recording has in place of a value that was made when its test ran. */
const PLACEHOLDER = /^\$\{.*\}$/;

/** One of the messages a test of the other program names. */
interface NamedJson {
  readonly as: string;
  readonly json: unknown;
}

const RECORDED: ReadonlyMap<string, unknown> = new Map([...wholeFiles(), ...namedMessages()]);

describe('messages that other clients recorded', () => {
  it('are each compared, or left out for a reason', () => {
    const known = [...Object.keys(MESSAGES_COMPARED), ...Object.keys(MESSAGES_LEFT_OUT)];
    expect(known.toSorted()).toEqual([...RECORDED.keys()].toSorted());
  });

  it.each(Object.entries(MESSAGES_COMPARED))(
    '%s: the venue says every key and type',
    async (name, message) => {
      const said = await message.say(await tradedVenue());
      expect(said).toBeTypeOf('object');
      const different = Object.keys(message.different ?? {});
      expect([...new Set(differences(RECORDED.get(name), said, ''))].toSorted()).toEqual(
        different.toSorted(),
      );
    },
  );
});

/** A file of one client is one message. */
function wholeFiles(): readonly (readonly [string, unknown])[] {
  return files('nautilus_trader').map(([name, json]) => [name, json]);
}

/** A file of the other has many by name; among several of a name the last is the message, those before are its request. */
function namedMessages(): readonly (readonly [string, unknown])[] {
  return files('hummingbot').flatMap(([name, json]) =>
    Object.entries(json as Readonly<Record<string, readonly NamedJson[]>>).map(
      ([each, messages]) => [`${name}/${each}`, messages.at(-1)?.json] as const,
    ),
  );
}

function files(client: string): readonly (readonly [string, unknown])[] {
  const folder = join(ROOT, client, 'bybit');
  return readdirSync(folder).map((file) => [
    `${client}/${basename(file, '.json')}`,
    JSON.parse(readFileSync(join(folder, file), 'utf8')),
  ]);
}

/** Where the venue's message lacks a key or has another type; rows of a list are compared with the first row. */
function differences(recorded: unknown, said: unknown, path: string): readonly string[] {
  if (recorded === null || (typeof recorded === 'string' && PLACEHOLDER.test(recorded))) return [];
  if (said === undefined) return [`${path} is missing`];
  if (kindOf(said) !== kindOf(recorded)) return [`${path} is ${kindOf(said)}, not ${kindOf(recorded)}`];
  if (Array.isArray(recorded) && Array.isArray(said)) {
    return recorded.flatMap((row) =>
      said.length === 0 ? [`${path} has no row`] : differences(row, said[0], `${path}[]`),
    );
  }
  if (typeof recorded !== 'object') return [];
  return Object.entries(recorded).flatMap(([key, value]) =>
    differences(value, Reflect.get(Object(said), key), path === '' ? key : `${path}.${key}`),
  );
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
