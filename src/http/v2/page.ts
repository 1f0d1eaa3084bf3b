import type { FastifyReply } from 'fastify';
import type { Page } from '../../read/page.js';

/** A page of a list: the bare rows, and how many there are on all pages in the header X-Total-Count. */
export function rowsOf<Row>(reply: FastifyReply, { rows, total }: Page<Row>): readonly Row[] {
  void reply.header('X-Total-Count', total);
  return rows;
}
