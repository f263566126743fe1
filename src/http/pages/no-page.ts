import type { FastifyReply, FastifyRequest } from 'fastify';
import { wantsHtml } from './wants-html.ts';
import type { WebUi } from './web-ui.ts';
import { sendWebUi } from './web-ui-routes.ts';

/**
 * Answers somebody who goes to an address where there is nothing with the UI, which says so. False for
 * programs, for the API, and without a UI: they get the refusal itself.
 */
export async function sendNoPage(
  ui: WebUi | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  if (!ui || !/^(GET|HEAD)$/.test(request.method) || !wantsHtml(request)) return false;
  if (/^\/+v5(?![^/?])/i.test(request.url)) return false;
  void reply.code(404).header('vary', 'accept').header('x-request-id', request.id);
  return sendWebUi(ui, reply);
}
