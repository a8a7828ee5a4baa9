# The program as one image: web server, worker, beat and the one-shot tasks differ only in their command.
# What it needs is brought by script/setup, as on a machine without containers; no secret is in it.
FROM python:3.11-slim-bookworm

WORKDIR /app
COPY requirements.lock ./
COPY script/setup script/fonts script/
# script/setup goes on without PDF where something lacks; an image without it is none.
RUN script/setup \
    && rm -rf /var/lib/apt/lists/* .setup-lock \
    && test -f .fonts/complete.json \
    && FONTCONFIG_FILE=/app/.fonts/fonts.conf fc-cache \
    && .venv/bin/python -c 'import weasyprint'

COPY . .

# The owner of all it may write; deploy/nginx.conf reads the files under the same number.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin studio \
    && install -d -m 0750 -o studio -g studio /data /data/files /data/static /data/shelf /backups

ENV PATH=/app/.venv/bin:$PATH \
    DATA_DIR=/data \
    FONT_DIR=/app/.fonts \
    PYTHONUNBUFFERED=1
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
