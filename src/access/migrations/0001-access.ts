import type { Migration } from '../../platform/migration.ts';

/** Who may. Secrets stand here as SHA-256 of 192 and more random bits, never as they are. Times integer ms UTC. */
export const accessMigration: Migration = {
  number: 1,
  name: 'access',
  statements: [
    `create table token (
      id text primary key,
      name text not null,
      role text not null check (role in ('viewer', 'trader', 'admin')),
      secretHash text not null,
      createdMs integer not null,
      expiresMs integer,
      revokedMs integer
    ) strict`,
    `create table signInCode (
      codeHash text primary key,
      name text not null,
      role text not null check (role in ('viewer', 'trader', 'admin')),
      createdMs integer not null,
      expiresMs integer not null,
      claimedMs integer
    ) strict`,
    `create table session (
      secretHash text primary key,
      name text not null,
      role text not null check (role in ('viewer', 'trader', 'admin')),
      createdMs integer not null,
      usedMs integer not null
    ) strict`,
    'create index sessionByName on session (name)',
  ],
};
