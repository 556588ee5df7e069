import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { PageText } from './page-text.ts';
import { refusal } from './problem.ts';
import { pageContentPolicy } from './security-headers.ts';
import type { ApiServer } from './server.ts';

export interface PageOptions {
  /** Folder of the built page: `index.html` and hashed files under `assets/`. */
  readonly folder: string;
  /** A fresh unguessable text for each answer. */
  readonly nonce: () => string;
}

/** The page and its files. The page itself is public: what it shows, it asks for with the person's session. */
export function addPage(app: ApiServer, options: PageOptions): void {
  const page = new PageText(join(options.folder, 'index.html'));
  const sendPage = async (reply: FastifyReply): Promise<FastifyReply> => {
    const nonce = options.nonce();
    const text = await page.withNonce(nonce);
    return reply
      .header('content-security-policy', pageContentPolicy(nonce))
      .type('text/html; charset=utf-8')
      .send(text);
  };
  app.register(fastifyStatic, { root: options.folder, serve: false, dotfiles: 'deny' });
  for (const url of ['/', '/index.html']) {
    app.get(url, { config: { role: 'public' }, handler: (_request, reply) => sendPage(reply) });
  }
  app.get<{ Params: { '*': string } }>('/assets/*', {
    config: { role: 'public' },
    errorHandler: answerNoFile,
    // Names carry a hash of the content: the same name is the same bytes for ever.
    handler: (request, reply) =>
      reply.sendFile(`assets/${request.params['*']}`, { maxAge: '365d', immutable: true }),
  });
  app.get<{ Params: { '*': string } }>('/*', {
    config: { role: 'public' },
    errorHandler: answerNoFile,
    handler: (request, reply) => reply.sendFile(request.params['*'], { cacheControl: false }),
  });
}

const refusedFile = z.object({ statusCode: z.number().min(400).max(499) });

/** Dot files and ways out of the folder are refused by the file server; whether they exist is nobody's business. */
function answerNoFile(error: unknown, _request: FastifyRequest, reply: FastifyReply): void {
  const refused = refusedFile.safeParse(error).success;
  reply.send(refused ? refusal('route.unknown', 'There is nothing at this address.') : error);
}
