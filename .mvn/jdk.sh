# Sourced by ./mvnw and ./tokenbroker: points JAVA_HOME at a JDK of the release this project is built with.
# The java in use is kept when it is new enough; otherwise the newest JDK in the usual places is taken.

required_release=21

release_of() { # of the JDK in directory $1; nothing where there is none
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] &&
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

java_in_use() {
  if [ -n "${JAVA_HOME:-}" ]; then
    printf '%s\n' "$JAVA_HOME"
  elif command -v javac >/dev/null 2>&1; then
    # macOS's stub answers for whatever is configured; elsewhere follow the links
    if [ -x /usr/libexec/java_home ]; then
      /usr/libexec/java_home 2>/dev/null || true
    else
      javac_file=$(readlink -f "$(command -v javac)") && dirname "$(dirname "$javac_file")"
    fi
  fi
}

find_jdk() {
  in_use=$(java_in_use)
  release=$(release_of "$in_use" || true)
  if [ "${release:-0}" -ge "$required_release" ]; then
    JAVA_HOME=$in_use
    return 0
  fi
  best=0
  for jdk in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* \
    "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/* "$HOME"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    release=$(release_of "$jdk" || true)
    if [ "${release:-0}" -gt "$best" ]; then
      best=$release
      newest=$jdk
    fi
  done
  [ "$best" -ge "$required_release" ] && JAVA_HOME=$newest
}

if ! find_jdk; then
  cat >&2 <<EOF
The ACS Token Broker needs a JDK of release $required_release or newer, and none was found.
Install one beside the one you have, for example
  Debian, Ubuntu:  apt-get install openjdk-21-jdk   (or Temurin's temurin-25-jdk)
  macOS:           brew install openjdk
  anywhere:        sdk install java
or set JAVA_HOME to where it is.
EOF
  exit 1
fi
export JAVA_HOME
