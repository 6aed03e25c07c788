FROM python:3.13-slim AS builder
WORKDIR /build
RUN python -m venv /opt/kulturlods
COPY requirements.txt ./
RUN /opt/kulturlods/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY catalog ./catalog
COPY reminders ./reminders
COPY bot ./bot
# Built with the setuptools of requirements.txt, so that nothing comes in without a hash; then the tools go.
RUN /opt/kulturlods/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
 && /opt/kulturlods/bin/pip uninstall --yes setuptools pip

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin kulturlods \
 && install --directory --owner=kulturlods --group=kulturlods /data
COPY --from=builder /opt/kulturlods /opt/kulturlods
ENV PATH=/opt/kulturlods/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/kulturlods.db
USER kulturlods
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s --retries=3 CMD ["kulturlods", "doctor", "--local"]
CMD ["kulturlods", "run"]
