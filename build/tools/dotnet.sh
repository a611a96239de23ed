# Sourced by build/mesh, build/test and build/bench/run: one way to build, so that they agree on locks and servers.
# Needs: $root, the folder of the solution.

artifacts="$root/.artifacts"

die() {
  printf '%s\n' "$1" >&2
  exit 1
}

require_sdk() {
  local need='The .NET SDK 10 is needed'
  command -v dotnet >/dev/null || die "$need, and there is no dotnet in PATH. Install the .NET SDK 10.0 and try again."
  local found
  found=$(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | paste -sd' ')
  [[ " $found" =~ \ [1-9][0-9]+\. ]] || die "$need; dotnet here has ${found:-no SDK at all}. Install the .NET SDK 10.0 and try again."
}

# A home that cannot be written to would stop the command line tools and the package cache.
use_writable_home() {
  [[ -n "${HOME:-}" && -w "$HOME" ]] && return
  export DOTNET_CLI_HOME="${DOTNET_CLI_HOME:-$artifacts/home}"
  export NUGET_PACKAGES="${NUGET_PACKAGES:-$artifacts/home/packages}"
  export NUGET_HTTP_CACHE_PATH="${NUGET_HTTP_CACHE_PATH:-$artifacts/home/http}"
  export XDG_DATA_HOME="${XDG_DATA_HOME:-$artifacts/home/data}"
  export npm_config_cache="${npm_config_cache:-$artifacts/home/npm}"
  mkdir -p "$DOTNET_CLI_HOME"
}

# Waits for its turn, then holds the lock on file descriptor 9. A build that outlives its script keeps the lock.
lock_builds() {
  mkdir -p "$artifacts" 2>/dev/null || die "Cannot create $artifacts: the folder of the project must be writable to build it."
  command -v flock >/dev/null || die 'flock is needed to keep two builds apart (Debian: util-linux).'
  exec 9>"$artifacts/build.lock" || die "Cannot write $artifacts/build.lock."
  flock -n 9 || {
    printf 'Waiting for another build to end.\n' >&2
    flock 9
  }
}

unlock_builds() { exec 9>&-; }

# build PROJECT-OR-SOLUTION: everything it prints goes to stderr, and no server stays behind.
build() (
  use_writable_home
  export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 DOTNET_SKIP_WORKLOAD_INTEGRITY_CHECK=1 \
    MSBUILDDISABLENODEREUSE=1
  dotnet msbuild "$1" -restore -p:Configuration=Release -verbosity:quiet -nologo -consoleLoggerParameters:NoSummary \
    -nodeReuse:false -p:UseSharedCompilation=false </dev/null >&2
)
