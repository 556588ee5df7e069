import { Readable } from 'node:stream';
import { z } from 'zod';
import { ledgerQuerySchema, ledgerSchema } from '../../api/ledger.ts';
import type { LedgerApi } from '../ledger-api.ts';
import { paged, pageRequest } from '../paged.ts';
import type { ApiServer } from '../server.ts';

/** A stream is no string to the compiler; it is one to who asks. */
const csvSchema = z
  .unknown()
  .meta({ type: 'string', description: 'CSV (RFC 4180) with a line of names first' });

/** Where the money came from and went. */
export function ledgerRoutes(app: ApiServer, ledger: LedgerApi): void {
  app.get('/api/ledger', {
    config: { role: 'viewer' },
    schema: {
      summary:
        'What moved the wallet, booked by double entry, newest first, and whether the sum is the wallet',
      tags: ['account'],
      querystring: ledgerQuerySchema,
      response: { 200: ledgerSchema },
    },
    handler: async ({ query }) => {
      const { symbol = null } = query;
      const entries = paged(await ledger.list({ ...pageRequest(query), symbol }));
      return { ...entries, standing: await ledger.standing() };
    },
  });

  app.get('/api/ledger/export', {
    config: { role: 'viewer' },
    schema: {
      summary: 'Every posting as CSV, newest first',
      tags: ['account'],
      querystring: z.strictObject({}),
      response: { 200: csvSchema },
    },
    handler: async (_request, reply) =>
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="ledger.csv"')
        .send(Readable.from(ledger.csv())),
  });
}
