#!/usr/bin/env bash
# Makes Rust able to build plugins. Does nothing if it is already.
#
# Usage: setup.sh [TARGET...]        by default wasm32-unknown-unknown and wasm32-wasip2
#
# A target comes from rustup if that can download it. Where it cannot, the standard library is built from the
# sources that Debian packages as rustc-web, into ${XDG_CACHE_HOME:-~/.cache}/tusk-host/rust-wasm: about two
# minutes and 600 MB, and nothing outside that folder changes. `tusk build` looks in both places; to build
# with the latter by hand, set RUSTC to the `rustc` in that folder.
set -euo pipefail

targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(wasm32-unknown-unknown wasm32-wasip2)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/tusk-host/rust-wasm

say() { printf '%s\n' "setup.sh: $*" >&2; }
fail() { say "$*"; exit 1; }

# How long a step takes is shown, so that nobody wonders whether it hangs.
step() {
  local name=$1 start=$SECONDS
  shift
  printf '%s' "  $name … " >&2
  "$@"
  printf '%s\n' "$((SECONDS - start)) s" >&2
}

# has RUSTC TARGET: whether that compiler runs and has the target's standard library.
has() {
  local libraries
  libraries=$("$1" --print target-libdir --target "$2" 2>/dev/null) && compgen -G "$libraries/libstd-*.rlib" >/dev/null
}

has_all() {
  local target
  for target in "${targets[@]}"; do has "$1" "$target" || return 1; done
}

add_with_rustup() {
  command -v rustup >/dev/null || return 1
  say "adding ${targets[*]} with rustup"
  # Without a network this fails within seconds instead of minutes.
  RUST_BACKTRACE=0 RUSTUP_MAX_RETRIES=1 RUSTUP_DOWNLOAD_TIMEOUT=20 rustup --quiet target add "${targets[@]}" \
    >/dev/null 2>&1 && has_all rustc
}

# Packages ----------------------------------------------------------------------------------------------------

# Lists of our own, unless the system's know the package already: updating those takes root.
apt=()
know_packages() {
  if apt-cache show rustc-web >/dev/null 2>&1; then return; fi
  mkdir -p "$work"/apt/{lists,archives}/partial
  apt=(-o "Dir::State::Lists=$work/apt/lists" -o "Dir::Cache=$work/apt" -o APT::Sandbox::User= -o Debug::NoLocking=true)
  step "reading the package lists" read_lists
  apt-cache "${apt[@]}" show rustc-web >/dev/null 2>&1
}

read_lists() { apt-get -qq "${apt[@]}" update >/dev/null 2>&1 || true; }

# The one package that $1 depends on and whose name matches $2.
dependency() { apt-cache "${apt[@]}" depends "$1" | sed -n "s/^ *Depends: \($2\)\$/\1/p" | head -n 1; }

download() {
  local runtime libraries
  runtime=$(dependency libstd-rust-web-dev 'libstd-rust-web-[0-9.]*')
  # What this machine lacks to run the compiler.
  libraries=$(apt-get "${apt[@]}" -s install --no-install-recommends "$runtime" | sed -n 's/^Inst \([^ ]*\) .*/\1/p')
  # shellcheck disable=SC2086
  (cd "$work/packages" && apt-get -qq "${apt[@]}" -o APT::Sandbox::User= download \
    $(printf '%s\n' rustc-web rust-web-src libstd-rust-web-dev wasi-libc "$runtime" \
      "$(dependency "$runtime" 'libllvm[0-9]*')" $libraries | sort -u)) >/dev/null
}

unpack() {
  local package
  for package in "$work"/packages/*.deb; do dpkg-deb -x "$package" "$work/root"; done
  rm -r "$work/packages"
}

# The compiler ------------------------------------------------------------------------------------------------

# Debian's compiler, with the linkers of rustup's, which Debian does not package.
assemble() {
  local host tools linkers tool
  host=$(rustc -vV | sed -n 's/^host: //p')
  linkers=$(rustc --print sysroot)/lib/rustlib/$host/bin
  tools=$work/root/usr/lib/rustlib/$host/bin
  mkdir -p "$tools"
  for tool in rust-lld wasm-component-ld; do
    [ -x "$linkers/$tool" ] || fail "there is no $tool in $linkers. Install Rust with rustup (https://rustup.rs)."
    ln -sf "$linkers/$tool" "$tools/$tool"
  done
  for tool in rustc rustdoc; do
    cat >"$work/$tool" <<EOF
#!/bin/sh
here=\$(dirname "\$(readlink -f "\$0")")/root/usr
for libraries in "\$here"/lib/*-linux-gnu*; do LD_LIBRARY_PATH=\$libraries\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}; done
export LD_LIBRARY_PATH PATH="\$PATH:\$here/lib/rustlib/$host/bin"
exec "\$here/bin/$tool" "\$@"
EOF
    chmod +x "$work/$tool"
  done
}

build_std() {
  local sources vendor build=$work/build target flags
  sources=$(readlink -f "$work/root/usr/lib/rustlib/src/rust")
  vendor=$sources/library/vendor
  # Debian takes out an archive that is built beforehand. std uses nothing of it: an empty one will do.
  for target in "$vendor"/wit-bindgen-*/src/rt; do printf '!<arch>\n' >"$target/libwit_bindgen_cabi.a"; done
  mkdir -p "$build/src" "$build/.cargo"
  : >"$build/src/lib.rs"
  cat >"$build/Cargo.toml" <<'EOF'
[package]
name = "nothing"
version = "0.0.0"
edition = "2021"
[profile.release]
codegen-units = 4
[workspace]
EOF
  printf '[source.crates-io]\nreplace-with = "vendored"\n[source.vendored]\ndirectory = "%s"\n' "$vendor" >"$build/.cargo/config.toml"
  flags=$(printf -- '-Cembed-bitcode=yes\x1f-Cstrip=debuginfo\x1f--remap-path-prefix=%s=/rustc\x1f--remap-path-prefix=%s=/rustc' \
    "$sources" "$work/root/usr/lib/rustlib/src/rust")
  (cd "$build" && RUSTC=$work/rustc RUSTC_BOOTSTRAP=1 CARGO_ENCODED_RUSTFLAGS=$flags CARGO_TARGET_DIR=$build/target \
    cargo build --quiet --offline --release -Zbuild-std=std,panic_abort "${targets[@]/#/--target=}")
  for target in "${targets[@]}"; do
    local library=$work/root/usr/lib/rustlib/$target/lib
    mkdir -p "$library/self-contained"
    find "$build/target/$target/release/deps" -name '*.rlib' ! -name 'libnothing-*' -exec cp {} "$library" \;
    case $target in
      *wasi*) cp "$work"/root/usr/lib/wasm32-wasi/{libc.a,crt1-command.o,crt1-reactor.o} "$library/self-contained" ;;
    esac
  done
  rm -rf "$build" "$work/apt" "$work/root/usr/src" "$work/root/usr/share"
}

build_from_debian() {
  mkdir -p "$(dirname "$cache")"
  # One at a time; who waited finds it done.
  exec 9>"$cache.lock"
  flock 9
  if has_all "$cache/rustc"; then return; fi
  work=$(mktemp -d "$cache.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  mkdir "$work/packages" "$work/root"
  know_packages || give_up
  say "building ${targets[*]} from Debian's sources, into $cache"
  step "downloading 200 MB" download
  step "unpacking" unpack
  assemble
  step "building std for ${#targets[@]} targets" build_std
  has_all "$work/rustc" || fail "the build left a target without its library. Please report this."
  rm -rf "$cache"
  mv "$work" "$cache"
  trap - EXIT
}

give_up() {
  fail "rustup could not add ${targets[*]}, and there is no Debian package rustc-web to build them from.
          Where there is a network, \"rustup target add ${targets[*]}\" is all it takes."
}

main() {
  if ! command -v cargo >/dev/null || ! command -v rustc >/dev/null; then
    fail "there is no Rust here. Install it with rustup (https://rustup.rs), then run this again."
  fi
  if has_all rustc || has_all "$cache/rustc" || add_with_rustup; then return; fi
  if ! command -v apt-get >/dev/null; then give_up; fi
  build_from_debian
}

main
