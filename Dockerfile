# B-Side in a container: docker build -t bside . && docker compose up -d
# The first stage installs, the second holds only what runs. The third adds the programs that copy a
# database of PostgreSQL; it is built where compose.postgresql.yaml asks for it.

FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/bside
COPY requirements.lock ./
RUN /opt/bside/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY cogs cogs
COPY migrations migrations
RUN /opt/bside/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim AS bside
# The fonts write Chinese and Japanese, and Korean names into the pictures.
RUN apt-get update && apt-get install -y --no-install-recommends fonts-droid-fallback fonts-nanum && \
    rm -rf /var/lib/apt/lists/* && \
    useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin bside && \
    install -d -o bside -g bside -m 700 /data
COPY --from=build /opt/bside /opt/bside
ENV PATH=/opt/bside/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    DATABASE_URL=sqlite+aiosqlite:////data/bside.db \
    HTTP_HOST=0.0.0.0 \
    HTTP_PORT=8080
USER bside
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["bside"]
CMD ["run"]

FROM bside AS postgresql
USER root
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client && \
    rm -rf /var/lib/apt/lists/*
USER bside

FROM bside
