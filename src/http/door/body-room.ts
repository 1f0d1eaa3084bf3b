import type { FastifyRequest } from 'fastify';

/** The most bytes of request bodies that one company may have in memory at once: 32 of the longest. */
const MOST_OF_ONE = 16 * 1024 * 1024;

type Sent = Pick<FastifyRequest, 'payer'>;

/** The bytes of request bodies that are in memory, by who answers for them. Of nobody's bodies none are counted. */
export class BodyRoom {
  private readonly ofPayers = new Map<string, number>();
  private readonly ofRequests = new WeakMap<Sent, number>();

  /** @returns whether there was room for them; if not, nothing was taken */
  take(request: Sent, bytes: number): boolean {
    if (request.payer === null) return true;
    const taken = (this.ofPayers.get(request.payer) ?? 0) + bytes;
    if (taken > MOST_OF_ONE) return false;
    this.ofPayers.set(request.payer, taken);
    this.ofRequests.set(request, (this.ofRequests.get(request) ?? 0) + bytes);
    return true;
  }

  /** Gives back all that a request has taken. */
  give(request: Sent): void {
    const bytes = this.ofRequests.get(request);
    if (request.payer === null || bytes === undefined) return;
    this.ofRequests.delete(request);
    const left = (this.ofPayers.get(request.payer) ?? 0) - bytes;
    if (left > 0) this.ofPayers.set(request.payer, left);
    else this.ofPayers.delete(request.payer);
  }
}
