#!/bin/sh
# Makes the secrets of docker-compose.yml in ./secrets, once. Only you can enter the directory; the containers see single files of it.
set -eu
[ ! -e secrets ] || { echo 'There is a directory secrets already. Remove it, and the volume of the database, to begin anew.' >&2; exit 1; }
random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
postgres=$(random)
redis=$(random)
mkdir -m 700 secrets
printf %s "$postgres" >secrets/postgres-password
printf %s "postgres://a2a:$postgres@postgres:5432/a2a" >secrets/database-url
printf 'requirepass %s\n' "$redis" >secrets/redis.conf
printf %s "redis://:$redis@redis:6379" >secrets/redis-url
# The users of the containers are not you.
chmod 644 secrets/*
