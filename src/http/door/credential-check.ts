import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ApiRequest } from './request.js';

/** Whose credential a route asks for. */
export type Credentialed = 'caller' | 'operator' | 'nobody';

declare module 'fastify' {
  interface FastifyContextConfig {
    credentialOf?: Credentialed;
  }
}

/** What is found out of a request's sender before anything of its body is read. */
export interface CredentialCheck {
  /** @throws Rejection that ends the request */
  know(request: ApiRequest, reply: FastifyReply): void | Promise<void>;
}

/** Says whose credential a route asks for; without it: nobody's. */
export const AsksCredentialOf = (whose: Credentialed): MethodDecorator =>
  RouteConfig({ credentialOf: whose } satisfies { credentialOf: Credentialed });

/** Makes the server judge credentials before it reads bodies. */
export function checkCredentialsFirst(
  server: FastifyInstance,
  checks: Readonly<Record<Credentialed, CredentialCheck>>,
): void {
  // After every look at its address and headers: those say, too, that there is nothing at this port.
  server.addHook('preParsing', (request, reply, _payload, next) => {
    if (request.is404) {
      next();
      return;
    }
    const { credentialOf = 'nobody' } = request.routeOptions.config;
    try {
      const checked = checks[credentialOf].know(request as ApiRequest, reply);
      if (checked) checked.then(() => next(), next);
      else next();
    } catch (error) {
      next(error as Error);
    }
  });
}
