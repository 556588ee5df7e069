import { z } from 'zod';
import { streamQuerySchema } from '../../api/stream.ts';
import { refusal } from '../problem.ts';
import { SECURITY_HEADERS } from '../security-headers.ts';
import type { ApiServer } from '../server.ts';
import type { StreamHub } from '../stream-hub.ts';

/** Live messages as Server-Sent Events, resumable by `Last-Event-ID`. */
export function streamRoute(app: ApiServer, hub: StreamHub): void {
  app.get('/api/stream', {
    exposeHeadRoute: false,
    config: { role: 'viewer' },
    schema: {
      summary:
        'Live messages (text/event-stream); the event name is the topic, the data as in its REST resource',
      tags: ['status'],
      querystring: streamQuerySchema,
      response: { 200: { content: { 'text/event-stream': { schema: z.string() } } } },
    },
    handler: (request, reply) => {
      if (hub.isFull()) throw refusal('stream.full', 'Too many live streams are open.');
      const last = request.headers['last-event-id'];
      const response = reply.raw;
      reply.hijack();
      // Without chunk framing every client is sent the very same buffer; the stream ends with the connection.
      response.useChunkedEncodingByDefault = false;
      response.shouldKeepAlive = false;
      response.writeHead(200, {
        ...SECURITY_HEADERS,
        'content-type': 'text/event-stream; charset=utf-8',
        'x-request-id': request.id,
      });
      hub.attach(response, request.query.topics, typeof last === 'string' ? last : null);
    },
  });
}
