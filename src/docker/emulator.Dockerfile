# An image of the ACS emulator, whose jar has to be built before: nothing is downloaded or installed here.
#
#   docker build -f src/docker/emulator.Dockerfile -t tokenbroker-acs-emulator .
#
# The root file system may be read-only; /tmp has to be writable, and /data where --data names it.
ARG BASE=eclipse-temurin:25-jre

FROM ${BASE} AS folder
RUN mkdir /data

FROM ${BASE}
WORKDIR /app
COPY acs-emulator/target/acs-emulator.jar app.jar
COPY --from=folder --chown=10001:10001 /data /data
USER 10001:10001
HEALTHCHECK --interval=2s --timeout=3s --start-period=60s --retries=5 \
  CMD curl -fsS -o /dev/null http://127.0.0.1:8081/emulator/calls
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=75", "-XX:+ExitOnOutOfMemoryError", "-jar", "app.jar"]
