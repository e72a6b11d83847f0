/** What the machines of the worlds are: kernel, programs, first process. A profile names what a machine has and lacks. */

import { busyboxTree } from '../kernel/fs/busybox-tree.ts'
import { registerTree } from '../kernel/fs/catalogue.ts'
import { debianTree } from '../kernel/fs/packages.ts'
import { directory, file, plant, program } from '../kernel/fs/tree.ts'
import type { DirectoryNode } from '../kernel/fs/types.ts'
import type { KernelFeatures } from '../kernel/kernel.ts'
import type { HostProfile } from './host.ts'

/** The packages of the recorded lab's hosts. */
const LAB_PACKAGES = [
  ...[
    'docker.io',
    'iproute2',
    'bridge-utils',
    'iptables',
    'nftables',
    'tcpdump',
    'conntrack',
    'iputils-ping',
  ],
  ...[
    'iputils-arping',
    'traceroute',
    'net-tools',
    'ethtool',
    'bind9-dnsutils',
    'curl',
    'wget',
    'procps',
    'psmisc',
  ],
  ...['lsof', 'jq', 'socat', 'netcat-openbsd', 'busybox-static', 'ipvsadm', 'kmod', 'less'],
]
const FULL_PACKAGES = [
  ...LAB_PACKAGES,
  ...['openssh-client', 'openssh-server', 'systemd', 'iputils-tracepath', 'mtr', 'iperf3'],
]

const labFeatures: KernelFeatures = {
  linkKinds: new Set(['bridge', 'veth', 'vxlan', 'macvlan', 'tun']),
  brNetfilter: true,
  sctp: false,
  containerized: true,
  fallbackTunnels: false,
  defaultQdisc: 'pfifo_fast',
  release: '6.18.44',
}

const debianFeatures: KernelFeatures = {
  linkKinds: new Set(['bridge', 'veth', 'vxlan', 'macvlan', 'macvtap', 'ipvlan', 'vlan', 'dummy', 'tun']),
  brNetfilter: true,
  fallbackTunnels: false,
  defaultQdisc: 'fq_codel',
  release: '6.1.0-28-amd64',
}

const linuxKitFeatures: KernelFeatures = {
  linkKinds: new Set(['bridge', 'veth', 'vxlan', 'macvlan', 'ipvlan', 'vlan', 'dummy', 'tun']),
  brNetfilter: true,
  fallbackTunnels: true,
  defaultQdisc: 'pfifo_fast',
  release: '4.19.76-linuxkit',
}

export const labHost: HostProfile = {
  name: 'lab',
  features: labFeatures,
  tree: 'host:lab',
  init: ['/sbin/init'],
}
export const debianHost: HostProfile = {
  name: 'linux',
  features: debianFeatures,
  tree: 'host:linux',
  init: ['/sbin/init'],
}
export const bareHost: HostProfile = { ...debianHost, name: 'bare', tree: 'host:bare' }
export const desktopVm: HostProfile = {
  name: 'desktop-vm',
  features: linuxKitFeatures,
  tree: 'host:desktop-vm',
  init: ['/sbin/init'],
}
export const windowsPc: HostProfile = {
  name: 'windows-pc',
  features: { ...debianFeatures, linkKinds: new Set(), brNetfilter: false, release: '10.0.17134' },
  tree: 'host:windows-pc',
  init: ['System'],
}

registerTree('host:lab', () => withPaths(debianTree(LAB_PACKAGES), ['/var/lib/docker', '/etc/docker']))
registerTree('host:linux', () => withPaths(debianTree(FULL_PACKAGES), ['/var/lib/docker', '/etc/docker']))
registerTree('host:bare', () => debianTree(FULL_PACKAGES.filter((name) => name !== 'docker.io')))
registerTree('host:desktop-vm', linuxKitTree)
registerTree('host:windows-pc', windowsTree)

function withPaths(root: DirectoryNode, paths: readonly string[]): DirectoryNode {
  for (const path of paths) plant(root, path, directory())
  return root
}

/** LinuxKit's root: BusyBox, iptables and a docker CLI. */
function linuxKitTree(): DirectoryNode {
  const root = busyboxTree()
  for (const name of ['iptables', 'iptables-save', 'ip6tables'])
    plant(root, `/sbin/${name}`, program(`iptables/${name}`))
  plant(root, '/usr/bin/docker', program('docker'))
  plant(root, '/etc/os-release', file('PRETTY_NAME="Docker Desktop"\nNAME="LinuxKit"\n'))
  return withPaths(root, ['/var/lib/docker', '/var/run', '/etc/docker'])
}

/** The PC of the document: a prompt, the docker CLI and three programs of its own. */
function windowsTree(): DirectoryNode {
  const root = directory()
  const home = '/c/Users/you'
  plant(root, home, directory())
  for (const [name, what] of Object.entries({
    bash: 'bash/bash',
    docker: 'docker',
    ping: 'windows/ping',
    curl: 'curl',
    ipconfig: 'windows/ipconfig',
    hostname: 'hostname',
    echo: 'coreutils/echo',
    cat: 'coreutils/cat',
    ls: 'coreutils/ls',
    grep: 'grep/grep',
  })) {
    plant(root, `/usr/bin/${name}`, program(what))
  }
  plant(root, '/tmp', directory({}, 0o1777))
  return root
}
