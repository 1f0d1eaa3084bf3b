import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { Rejection } from '../../domain/rejection.js';
import { refuse } from '../door/refusal.js';
import { type ConnectionLimits, connectionTimes } from '../server.js';
import { limitConnections } from '../door/connections.js';
import { refuseUnreadable } from '../door/unreadable-request.js';

/** The routes for those who run the service. */
const routes = /^\/(health\/|metrics$)/;

/** Serves health and metrics, and nothing else, at a port of their own; the other port does not serve them then. */
export class OperationsServer {
  private readonly server: Server;
  private readonly arrived = new WeakSet<IncomingMessage>();

  /** @param main before it is ready */
  constructor(main: FastifyInstance, limits: ConnectionLimits) {
    this.server = createServer(connectionTimes(limits), (request, response) => {
      this.arrived.add(request);
      main.routing(request, response);
    });
    limitConnections(this.server, limits.connections);
    this.server.on('clientError', refuseUnreadable);
    main.addHook('onRequest', (request, reply, next) => {
      if (routes.test(request.routeOptions.url ?? '') === this.arrived.has(request.raw)) next();
      else refuse(reply, request, new Rejection('not_found'));
    });
    main.addHook('preClose', (next) => {
      this.server.close();
      next();
    });
    main.addHook('onClose', (_main, next) => {
      this.server.closeAllConnections();
      next();
    });
  }

  /**
   * Call it when the other one is ready.
   * @returns the port, which is another than the one asked for where that is 0
   * @throws Error of the system when nobody can listen there
   */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject).listen(port, host, () => {
        const address = this.server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }
}
