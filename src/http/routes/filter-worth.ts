import { heldWorthSchema } from '../../api/filter-worth.ts';
import type { FilterWorthApi } from '../filter-worth-api.ts';
import type { ApiServer } from '../server.ts';

/** What the entry filters saved or lost, from stored decisions. */
export function filterWorthRoutes(app: ApiServer, api: FilterWorthApi): void {
  app.get('/api/analytics/filter-worth', {
    config: { role: 'viewer' },
    schema: {
      summary:
        'What each entry filter saved or lost by the entries it blocked, or that there is not enough data',
      tags: ['analytics'],
      response: { 200: heldWorthSchema },
    },
    handler: () => api.newest(),
  });
}
