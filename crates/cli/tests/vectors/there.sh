#!/bin/sh
# Stands in for mandate-cedar: says what it got.
while read -r line; do echo "{\"id\":1,\"ok\":true,\"got\":$line}"; done
