# syntax=docker/dockerfile:1
# One image for every process of the platform; the command chooses:
#   services.<name> serve | work | migrate, services.gateway serve, or the `wuye` command.
#
# PYTHON is to be pinned by digest where the image is built for others:
#   --build-arg PYTHON=python:3.12-slim-bookworm@sha256:…
ARG PYTHON=python:3.12-slim-bookworm

FROM ${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/wuye
WORKDIR /src
# The requirements first: they change less often than the code.
COPY requirements.txt ./
RUN /opt/wuye/bin/pip install --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE NOTICE requirements.in ./
COPY shared shared
COPY services services
COPY cli cli
RUN /opt/wuye/bin/pip install --no-deps --no-build-isolation . \
 && /opt/wuye/bin/pip uninstall --yes pip \
 && python -m compileall -q --invalidation-mode unchecked-hash /opt/wuye/lib

FROM ${PYTHON}
# What runs it needs no package manager.
RUN groupadd --gid 10001 wuye \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin wuye \
 # Volumes mounted here are its own (compose.yaml keeps keys and photos on them).
 && install --directory --owner 10001 --group 10001 --mode 700 /var/lib/wuye /photos
COPY --from=build /opt/wuye /opt/wuye
ENV PATH=/opt/wuye/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
# It writes nowhere but into /tmp.
WORKDIR /tmp
USER 10001:10001
LABEL org.opencontainers.image.title="wuye" \
      org.opencontainers.image.licenses="Apache-2.0"
ENTRYPOINT ["python"]
CMD ["-m", "cli.main", "--help"]
