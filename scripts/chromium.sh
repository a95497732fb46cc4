#!/bin/sh
# The browser tests drive a real Chromium. Install it from the distribution where we may, else say how.
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
as_root=""
if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root="sudo -n"; fi
fi
if command -v apt-get >/dev/null 2>&1 && { [ "$(id -u)" = 0 ] || [ -n "$as_root" ]; }; then
    echo "Installing Chromium for the browser tests ..."
    $as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null && exit 0
fi
echo "The browser tests need Chromium. Install it with one of:"
echo "  Debian, Ubuntu   sudo apt-get install chromium"
echo "  Fedora           sudo dnf install chromium"
echo "  macOS            brew install --cask chromium"
exit 1
