/** File trees of the images at hand: what their package lists say. They go into the catalogue under `image:NAME`. */
import { busyboxTree } from '../../kernel/fs/busybox-tree.ts'
import { registerTree } from '../../kernel/fs/catalogue.ts'
import { debianTree } from '../../kernel/fs/packages.ts'
import { file, plant, program, symlink, treeOf } from '../../kernel/fs/tree.ts'
import type { DirectoryNode } from '../../kernel/fs/types.ts'
import { welcomePage } from './welcome-page.ts'

const NETSHOOT_PACKAGES = [
  ...[
    'iproute2',
    'bridge-utils',
    'iptables',
    'nftables',
    'tcpdump',
    'conntrack',
    'iputils-ping',
    'iputils-arping',
  ],
  ...['traceroute', 'net-tools', 'ethtool', 'bind9-dnsutils', 'curl', 'wget', 'procps', 'jq', 'socat'],
  ...['netcat-openbsd', 'ipvsadm'],
]

registerTree('image:busybox', busyboxTree)
registerTree('image:alpine', alpineTree)
registerTree('image:nginx-debian', () => nginxTree('/var/www/html/index.nginx-debian.html', []))
registerTree('image:nginx', () => nginxTree('/usr/share/nginx/html/index.html', ['curl']))
registerTree('image:netshoot', () => debianTree(NETSHOOT_PACKAGES))
registerTree('image:ubuntu', () => ubuntuTree([]))
registerTree('image:whoami', () => treeOf({ '/whoami': program('service/whoami', 7_000_000) }))
registerTree('image:http-echo', () => treeOf({ '/http-echo': program('service/http-echo', 6_000_000) }))
registerTree('image:redis', () => serverTree('redis-server', ['redis-cli'], 'redis:x:999:999::/data:/bin/sh'))
registerTree('image:postgres', () =>
  serverTree('postgres', ['psql', 'pg_isready'], 'postgres:x:999:999::/var/lib/postgresql:/bin/bash'),
)
registerTree('image:python', pythonTree)
registerTree('image:ubuntu-docker-client', () => ubuntuTree(['docker.io', 'curl']))

function alpineTree(): DirectoryNode {
  const root = busyboxTree()
  plant(root, '/etc/alpine-release', file('3.18.4\n'))
  plant(
    root,
    '/etc/os-release',
    file('NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.18.4\nPRETTY_NAME="Alpine Linux v3.18"\n'),
  )
  return root
}

/** The entry point script of the image hands over to its arguments. */
function nginxTree(page: string, more: readonly string[]): DirectoryNode {
  const root = debianTree(['nginx-light', ...more])
  plant(root, page, file(welcomePage))
  plant(root, '/docker-entrypoint.sh', file('#!/bin/sh\nexec "$@"\n', 0o755))
  plant(root, '/etc/nginx/sites-enabled/default', file(serverBlock(page)))
  plant(root, '/var/log/nginx/access.log', symlink('/dev/stdout'))
  plant(root, '/var/log/nginx/error.log', symlink('/dev/stderr'))
  for (const name of ['ps', 'ip', 'ping']) removeProgram(root, name)
  return root
}

function serverBlock(page: string): string {
  const slash = page.lastIndexOf('/')
  return `server {
\tlisten 80 default_server;
\tlisten [::]:80 default_server;
\troot ${page.slice(0, slash)};
\tindex ${page.slice(slash + 1)};
\tserver_name _;
}
`
}

function removeProgram(root: DirectoryNode, name: string): void {
  const usr = root.entries.get('usr')
  if (usr?.kind !== 'directory') return
  for (const folder of ['bin', 'sbin']) {
    const at = usr.entries.get(folder)
    if (at?.kind === 'directory') at.entries.delete(name)
  }
}

const UBUNTU_RELEASE = `NAME="Ubuntu"
VERSION="20.04.6 LTS (Focal Fossa)"
ID=ubuntu
ID_LIKE=debian
PRETTY_NAME="Ubuntu 20.04.6 LTS"
VERSION_ID="20.04"
`

/** Bare: no ip, no ping, no curl. */
function ubuntuTree(packages: readonly string[]): DirectoryNode {
  const root = debianTree(packages)
  plant(root, '/etc/os-release', file(UBUNTU_RELEASE))
  plant(root, '/etc/debian_version', file('bullseye/sid\n'))
  if (packages.includes('docker.io')) plant(root, '/usr/bin/docker', program('docker', 50_000_000))
  return root
}

/** A Debian image with one server; its clients say that they are not modelled. */
function serverTree(server: string, clients: readonly string[], user: string): DirectoryNode {
  const root = debianTree([])
  for (const name of [server, ...clients])
    plant(root, `/usr/local/bin/${name}`, program(`service/${name}`, 4_000_000))
  plant(root, '/usr/local/bin/docker-entrypoint.sh', file('#!/bin/sh\nexec "$@"\n', 0o755))
  const known = root.entries.get('etc')
  const passwd = known?.kind === 'directory' ? known.entries.get('passwd') : undefined
  const before = passwd?.kind === 'file' ? String(passwd.content) : ''
  plant(root, '/etc/passwd', file(`${before}${user}\n`))
  return root
}

function pythonTree(): DirectoryNode {
  const root = debianTree(['procps', 'curl', 'wget'])
  for (const name of ['python3', 'python'])
    plant(root, `/usr/local/bin/${name}`, program('python3', 6_000_000))
  return root
}
