# For the launchers, which source it: finds a JDK that is new enough. Uses their needed and fail.
# shellcheck shell=bash disable=SC2154

# The major version of the JDK in a folder, or 0. Its release file says so without starting it.
version_of() {
  local line
  [[ -x $1/bin/java ]] || { echo 0; return; }
  if [[ -r $1/release ]]; then
    while IFS= read -r line; do
      if [[ $line =~ ^JAVA_VERSION=\"([0-9]+) ]]; then
        echo "${BASH_REMATCH[1]}"
        return
      fi
    done <"$1/release"
  fi
  line=$("$1/bin/java" -version 2>&1 | head -n 1) || true
  [[ $line =~ \"([0-9]+) ]] && echo "${BASH_REMATCH[1]}" || echo 0
}

find_java() {
  local candidate java
  if [[ -n ${TOCSIN_JAVA_HOME:-} ]]; then
    (($(version_of "$TOCSIN_JAVA_HOME") >= needed)) ||
      fail "TOCSIN_JAVA_HOME is $TOCSIN_JAVA_HOME, which is no JDK $needed or newer"
    echo "$TOCSIN_JAVA_HOME"
    return
  fi
  java=$(command -v java || true)
  [[ -z $java ]] || java=$(dirname "$(dirname "$(readlink -f "$java")")")
  for candidate in "${JAVA_HOME:-}" "$java" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [[ -n $candidate ]] && (($(version_of "$candidate") >= needed)); then
      echo "$candidate"
      return
    fi
  done
  fail "needs a JDK $needed or newer and found none; install one or set TOCSIN_JAVA_HOME"
}
