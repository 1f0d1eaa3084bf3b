FROM node:24.21.0-bookworm-slim AS base
WORKDIR /app
# .npmrc keeps packages from running scripts of their own.
COPY package.json package-lock.json .npmrc ./

FROM base AS build
RUN npm ci --no-audit --no-fund
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build

FROM base AS dependencies
RUN npm ci --omit=dev --no-audit --no-fund

FROM base
ENV NODE_ENV=production HOST=0.0.0.0 MUSTER_DATA_DIR=/data
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
# A new volume takes over the owner and the mode of the directory it is mounted at.
RUN mkdir -m 700 /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 3000
STOPSIGNAL SIGTERM
# Live, not ready: who restarts unhealthy containers must not restart one that is building its views or waiting for
# the event store; that would only make it start over.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.MUSTER_OPERATIONS_PORT || process.env.PORT || 3000}/health/live`).then(({ ok }) => process.exit(Number(!ok)))"]
# Node itself, not npm or a shell: SIGTERM reaches the process that finishes its requests.
CMD ["node", "--enable-source-maps", "dist/main.js"]
