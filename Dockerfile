# The HTTPS endpoint in a container: slim, without root, and with nothing that it may write to.
#   docker build -t charley .
#   docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
#     -p 127.0.0.1:8080:8080 -e CHARLEY_SKILL_ID=amzn1.ask.skill... charley
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS packages
COPY skill/requirements-endpoint.txt /requirements.txt
RUN python -m venv /opt/charley \
    && /opt/charley/bin/pip install --no-cache-dir --no-compile --requirement /requirements.txt \
    && /opt/charley/bin/pip uninstall --yes pip

FROM python:${PYTHON}-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin charley
COPY --from=packages /opt/charley /opt/charley
COPY skill /app/skill
WORKDIR /app
# Byte code is made now: at run time nothing can be written.
RUN ["/opt/charley/bin/python", "-m", "compileall", "-q", "/opt/charley/lib", "/app/skill"]
ENV PATH=/opt/charley/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CHARLEY_BIND=0.0.0.0:8080
USER 10001
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/health', timeout=2)"]
STOPSIGNAL SIGTERM
CMD ["gunicorn", "-c", "python:skill.gunicorn_config", "skill.web:create_app()"]
