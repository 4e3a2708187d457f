# The service as an image. Debian, since the binaries of the embedded Postgres need glibc.
# By digest: --build-arg NODE_IMAGE=node:22-bookworm-slim@sha256:… (docs/deploy.md).
ARG NODE_IMAGE=node:22-bookworm-slim
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build

# What it needs to run. The framework's packages are peers of the library; those of the service they are dependencies.
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc .tooling/service-packages.mjs ./
RUN node service-packages.mjs && npm ci --omit=dev --ignore-scripts

FROM ${NODE_IMAGE}
# Beyond loopback the service wants PUBLIC_URL and A2A_ALLOW_ANONYMOUS as well: whoever runs the image decides on them.
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=packages /app/package.json ./
COPY --from=build /app/dist ./dist
RUN install -d -m 0700 -o node -g node /data
VOLUME /data
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=4s --start-period=60s \
  CMD ["node", "-e", "require(process.env.TLS_CERT_FILE ? 'https' : 'http').get({ port: process.env.PORT || 3000, host: '127.0.0.1', path: '/health/live', rejectUnauthorized: false }, (r) => process.exit(r.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
# No shell in between: a SIGTERM reaches the service, which shuts down in order (docs/deploy.md).
CMD ["node", "dist/src/service/main.js"]
