/** Images that are already on the host: those of the recorded lab, or as Docker Hub has them. */
import { createRandom, nextHex } from '../../base/random.ts'
import type { Image, ImageConfig } from '../image.ts'
import './trees.ts'

interface Description {
  readonly tags: readonly string[]
  readonly tree: string
  readonly sizeMb: number
  /** Milliseconds since 1970 UTC. */
  readonly createdMs: number
  readonly config: Partial<ImageConfig>
  /** Made by `docker import`: no digest of a registry, no environment. */
  readonly imported?: boolean
}

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const LAB_BUILD_MS = 1795454400000
const nginxConfig: Partial<ImageConfig> = {
  command: ['nginx', '-g', 'daemon off;'],
  entrypoint: ['/docker-entrypoint.sh'],
  exposedPorts: ['80/tcp'],
}

const lab: readonly Description[] = [
  {
    tags: ['nicolaka/netshoot:latest'],
    tree: 'image:netshoot',
    sizeMb: 244,
    createdMs: LAB_BUILD_MS + 30_000,
    config: { command: ['bash'] },
    imported: true,
  },
  {
    tags: ['nginx:latest'],
    tree: 'image:nginx-debian',
    sizeMb: 174,
    createdMs: LAB_BUILD_MS + 15_000,
    config: nginxConfig,
    imported: true,
  },
  {
    tags: ['alpine:latest', 'busybox:latest'],
    tree: 'image:busybox',
    sizeMb: 2.62,
    createdMs: LAB_BUILD_MS,
    config: { command: ['sh'] },
    imported: true,
  },
]

const hub: readonly Description[] = [
  {
    tags: ['nginx:latest'],
    tree: 'image:nginx',
    sizeMb: 142,
    createdMs: 1671609600000,
    config: {
      ...nginxConfig,
      env: [PATH, 'NGINX_VERSION=1.22.1'],
      stopSignal: 'SIGQUIT',
      labels: { maintainer: 'NGINX Docker Maintainers <docker-maint@nginx.com>' },
    },
  },
  {
    tags: ['busybox:latest'],
    tree: 'image:busybox',
    sizeMb: 4.87,
    createdMs: 1672963200000,
    config: { command: ['sh'], env: [PATH] },
  },
  {
    tags: ['alpine:latest'],
    tree: 'image:alpine',
    sizeMb: 7.34,
    createdMs: 1695931200000,
    config: { command: ['/bin/sh'], env: [PATH] },
  },
  {
    tags: ['ubuntu:latest'],
    tree: 'image:ubuntu',
    sizeMb: 72.8,
    createdMs: 1586800000000,
    config: { command: ['/bin/bash'], env: [PATH] },
  },
  {
    tags: ['nicolaka/netshoot:latest'],
    tree: 'image:netshoot',
    sizeMb: 362,
    createdMs: 1655040000000,
    config: { command: ['bash'], env: [PATH] },
  },
  {
    tags: ['jongallant/ubuntu-docker-client:latest'],
    tree: 'image:ubuntu-docker-client',
    sizeMb: 252,
    createdMs: 1545000000000,
    config: { command: ['/bin/bash'], env: [PATH] },
  },
]

/** On a host of one's own there are more of those that courses use. */
const more: readonly Description[] = [
  {
    tags: ['redis:latest'],
    tree: 'image:redis',
    sizeMb: 117,
    createdMs: 1671494400000,
    config: {
      command: ['redis-server'],
      entrypoint: ['docker-entrypoint.sh'],
      env: [PATH, 'REDIS_VERSION=7.0.5'],
      exposedPorts: ['6379/tcp'],
      workingDir: '/data',
      volumes: ['/data'],
    },
  },
  {
    tags: ['postgres:latest'],
    tree: 'image:postgres',
    sizeMb: 379,
    createdMs: 1671580800000,
    config: {
      command: ['postgres'],
      entrypoint: ['docker-entrypoint.sh'],
      env: [PATH, 'PG_MAJOR=15', 'PGDATA=/var/lib/postgresql/data'],
      exposedPorts: ['5432/tcp'],
      stopSignal: 'SIGINT',
      volumes: ['/var/lib/postgresql/data'],
    },
  },
  {
    tags: ['python:latest'],
    tree: 'image:python',
    sizeMb: 932,
    createdMs: 1671667200000,
    config: { command: ['python3'], env: [PATH, 'PYTHON_VERSION=3.11.2'] },
  },
  {
    tags: ['traefik/whoami:latest'],
    tree: 'image:whoami',
    sizeMb: 6.61,
    createdMs: 1668000000000,
    config: { entrypoint: ['/whoami'], env: [PATH], exposedPorts: ['80/tcp'] },
  },
  {
    tags: ['hashicorp/http-echo:latest'],
    tree: 'image:http-echo',
    sizeMb: 9.97,
    createdMs: 1668100000000,
    config: { entrypoint: ['/http-echo'], env: [PATH], exposedPorts: ['5678/tcp'] },
  },
]

/** By id; `lab` is the recorded lab's host profile. */
export function imagesAtHand(hostProfile: string, nowMs: number): Map<string, Image> {
  const known = hostProfile === 'lab' ? lab : hostProfile === 'linux' ? [...hub, ...more] : hub
  const images = known.map((one) => describe(one, nowMs))
  return new Map(images.map((image) => [image.id, image]))
}

/** Ids are the same in every world, as those of a registry are. */
/** An image cannot be younger than the world: an older build of it is at hand there. */
const OLDER_MS = 4 * 365 * 86_400_000

function describe(description: Description, nowMs: number): Image {
  const random = createRandom(hashOf(description.tree))
  const digest = (): string => `sha256:${nextHex(random, 64)}`
  return {
    id: digest(),
    tags: [...description.tags],
    digest: description.imported ? null : digest(),
    createdMs: description.createdMs - (description.createdMs > nowMs ? OLDER_MS : 0),
    size: Math.round(description.sizeMb * 1_000_000),
    config: {
      command: [],
      entrypoint: null,
      env: [],
      exposedPorts: [],
      workingDir: '',
      user: '',
      labels: {},
      stopSignal: null,
      volumes: [],
      ...description.config,
    },
    author: '',
    comment: description.imported ? 'Imported from -' : '',
    dockerVersion: description.imported ? '20.10.24+dfsg1' : '20.10.12',
    tree: description.tree,
    layers: [digest()],
  }
}

function hashOf(text: string): number {
  let hash = 2166136261
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0
  return hash
}
