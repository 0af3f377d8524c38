# Sourced by the commands of the benchmarks: goes to the root, finds a JDK, and builds what is missing or older than its
# sources, so that no figure is that of a broker that is no more.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/.mvn/jdk.sh"
cd "$root"

# jars have the time of the release, so a note says when they were made
note=src/bench/target/built

is_stale() {
  for jar in "$note" src/bench/target/tokenbroker-bench.jar src/bench/references/target/tokenbroker-references.jar \
    src/local/target/tokenbroker-local.jar; do
    [ -f "$jar" ] || return 0
  done
  newer=$(find pom.xml events-schema acs-emulator broker src -name target -prune -o -path '*/src/test' -prune -o \
    -path src/docs -prune -o -path src/e2e -prune -o -type f -newer "$note" -print | head -n 1)
  [ -n "$newer" ]
}

if is_stale; then
  mkdir -p src/bench/target
  : >"$note.begun"
  ./mvnw -q -DskipTests -Dspotless.check.skip=true package -pl src/bench -am >&2
  mv "$note.begun" "$note"
fi
